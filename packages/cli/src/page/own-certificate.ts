import { X509Certificate } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'
import { isMissing, writeWholeFile } from '@zcast/shared/internal'

/** A certificate for this machine's pages, and its private key, both PEM. */
export interface OwnCertificate {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
/** Safari takes no certificate that lasts longer than 825 days. */
const LIFE_DAYS = 365
/** One that ends sooner is replaced. */
const LEAST_DAYS = 14

/**
 * The certificate of this machine's pages: kept in a folder, so that a browser that was told to trust it finds it again,
 * and made anew when it ends soon, or the machine has got further names or addresses.
 *
 * @param more - Further names and addresses, such as a proxy's.
 * @throws The system's error when the files cannot be read or written.
 */
export async function openOwnCertificate(
  folder: string,
  more: readonly string[] = [],
): Promise<OwnCertificate> {
  const names = [...new Set([...ownNames(), ...more.map((name) => name.replace(/:\d+$/, ''))])]
  const paths = { cert: join(folder, 'page.crt'), key: join(folder, 'page.key') }
  const kept = await read(paths)
  if (kept && covers(kept.cert, names)) return kept
  const made = await make(names)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeWholeFile(paths.key, Buffer.from(made.key), { mode: 0o600 })
  await writeWholeFile(paths.cert, Buffer.from(made.cert))
  return made
}

async function read(paths: OwnCertificate): Promise<OwnCertificate | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(paths.cert, 'utf8'), readFile(paths.key, 'utf8')])
    return { cert, key }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** False also for what is no certificate: it is made anew then. */
function covers(cert: string, names: readonly string[]): boolean {
  try {
    const certificate = new X509Certificate(cert)
    const leftMs = Date.parse(certificate.validTo) - Date.now()
    const isFor = (name: string): boolean =>
      (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined
    return leftMs > LEAST_DAYS * DAY_MS && names.every(isFor)
  } catch {
    return false
  }
}

async function make(names: readonly string[]): Promise<OwnCertificate> {
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: `zcast on ${hostname()}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that is a little behind would refuse one that begins now.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + LIFE_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}

function ownNames(): readonly string[] {
  const own = hostname().toLowerCase()
  const names = /^[a-z0-9.-]{1,63}$/.test(own) ? [own, ...(own.includes('.') ? [] : [`${own}.local`])] : []
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    // Those of a link are different on every machine that asks.
    .filter(({ address, family }) => !(family === 'IPv6' && address.startsWith('fe80')))
    .map(({ address }) => address)
  return ['localhost', ...names, ...addresses]
}
