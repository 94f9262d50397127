import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { OptionError } from '@zcast/shared'
import { describeSystemError } from '@zcast/shared/internal'

const MAX_FILE_BYTES = 1024 * 1024
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Certificates that are trusted in addition to the system's, such as a camera's self-signed one. Each is trusted
 * whatever name and date it contains, because it stands for one device; nothing else is trusted.
 */
export class TrustedCertificates {
  readonly #fingerprints = new Set<string>()
  readonly #publicKeys = new Set<string>()
  readonly #authorities: string[] = []

  /**
   * @param texts - Each is `sha256:` and a certificate's fingerprint in hex, with or without colons; `sha256//` and a
   *   public key's in base64, as curl's `--pinnedpubkey` has it; or a file with certificates (PEM, or one in DER), a
   *   camera's own or the authority's that signed it.
   * @throws {@link OptionError} when one is invalid, or a file cannot be read.
   */
  constructor(texts: readonly string[] = []) {
    for (const text of texts) {
      if (/^sha256\/\//i.test(text)) this.#publicKeys.add(readPublicKeyPin(text))
      else if (/^sha256[:=]/i.test(text) || /^([0-9a-f]{2}:?){32}$/i.test(text)) {
        this.#fingerprints.add(readFingerprint(text))
      } else this.#addFile(text)
    }
  }

  /** Certificates of authorities for `tls.connect`; `undefined` to use only the system's. */
  get authorities(): string[] | undefined {
    return this.#authorities.length === 0 ? undefined : [...rootCertificates, ...this.#authorities]
  }

  /** True when a certificate was named, by itself or by its public key. */
  has(certificate: X509Certificate): boolean {
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
    return (
      this.#fingerprints.has(certificate.fingerprint256) ||
      this.#publicKeys.has(createHash('sha256').update(key).digest('base64'))
    )
  }

  #addFile(path: string): void {
    const bytes = readCertificateFile(path)
    const texts = bytes.toString('latin1').match(PEM) ?? []
    for (const certificate of texts.length > 0 ? texts : [bytes]) {
      const { parsed, pem } = parse(certificate, path)
      this.#fingerprints.add(parsed.fingerprint256)
      this.#authorities.push(pem)
    }
  }
}

function parse(certificate: Buffer | string, path: string): { parsed: X509Certificate; pem: string } {
  try {
    const parsed = new X509Certificate(certificate)
    return { parsed, pem: parsed.toString() }
  } catch (error) {
    throw new OptionError(
      `there is no certificate in "${path}": give a file in PEM or DER, or sha256:FINGERPRINT`,
      {
        cause: error,
      },
    )
  }
}

function readCertificateFile(path: string): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new OptionError(`cannot read the certificate "${path}": ${describeSystemError(error)}`, {
      cause: error,
    })
  }
  if (bytes.length > MAX_FILE_BYTES) throw new OptionError(`"${path}" is too large for a certificate`)
  return bytes
}

/** In the form of `X509Certificate.fingerprint256`: `AB:CD:...`. */
function readFingerprint(text: string): string {
  const digits = text
    .replace(/^sha256[:=]/i, '')
    .replaceAll(':', '')
    .toUpperCase()
  const pairs = /^[0-9A-F]{64}$/.test(digits) ? digits.match(/../g) : null
  if (!pairs) throw new OptionError(`"${text}" is not a SHA-256 fingerprint: it needs 64 hexadecimal digits`)
  return pairs.join(':')
}

function readPublicKeyPin(text: string): string {
  const pin = text.slice('sha256//'.length)
  if (Buffer.from(pin, 'base64').length === 32) return pin
  throw new OptionError(`"${text}" is not a public key pin: it needs 32 bytes in base64`)
}
