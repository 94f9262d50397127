import { isCurveKey } from './curve-keys.ts'

/**
 * The content of a certificate file as CZMQ (zcert) and PyZMQ (`zmq.auth`) write it, in the text form of ZPL (RFC 4).
 */
export interface Certificate {
  readonly publicKey: string
  /** Present only in files that are kept secret. */
  readonly secretKey?: string | undefined
}

/** Larger files are not key files. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024

const PUBLIC_BANNER = `#   ZeroMQ CURVE public certificate, made by zcast
#   Give this file to those who are to know the key, by a way that nobody can tamper with.

`

const SECRET_BANNER = `#   ZeroMQ CURVE SECRET certificate, made by zcast
#   Keep this file to yourself, and leave its permissions as they are.

`

/** Formats a certificate; with the secret key when it is given. */
export function formatCertificate({ publicKey, secretKey }: Certificate, name: string): string {
  const secret = secretKey === undefined ? '' : `    secret-key = "${secretKey}"\n`
  return `${secretKey === undefined ? PUBLIC_BANNER : SECRET_BANNER}metadata\n    name = "${name}"\ncurve\n    public-key = "${publicKey}"\n${secret}`
}

/**
 * Parses a certificate that anybody may have written. Never throws, and never repeats what it has read.
 *
 * @returns The keys, or one clause about what is wrong.
 */
export function parseCertificate(text: string): Certificate | string {
  if (text.length > MAX_CERTIFICATE_BYTES) return `it is over ${MAX_CERTIFICATE_BYTES} bytes`
  const found = new Map<string, string>()
  let section = ''
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const indented = /^[ \t]/.test(line)
    const content = line.trim()
    if (content === '' || content.startsWith('#')) continue
    if (!indented) section = content
    if (!indented || section !== 'curve') continue
    const [, name, value] = /^(public-key|secret-key)[ \t]*=[ \t]*(.*)$/.exec(content) ?? []
    if (name === undefined || value === undefined) continue
    const key = value.replace(/^(["'])(.*)\1$/, '$2')
    if (!isCurveKey(key)) return `line ${index + 1} has no key of 40 letters of Z85`
    if (found.has(name)) return `line ${index + 1} has a second ${name}`
    found.set(name, key)
  }
  const publicKey = found.get('public-key')
  if (publicKey === undefined) return 'it has no public-key in a section "curve"'
  return { publicKey, secretKey: found.get('secret-key') }
}
