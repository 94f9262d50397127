import { createHash, randomBytes } from 'node:crypto'
import type { AuthChallenge } from './auth-challenge.ts'
import type { Credentials } from './credentials.ts'

// By the names of RFC 7616; the strongest first.
const HASHES = new Map([
  ['sha-512-256', 'sha512-256'],
  ['sha-256', 'sha256'],
  ['md5', 'md5'],
])

/**
 * The strength of a Digest challenge, to choose among several.
 *
 * @returns A rank, higher is stronger; 0 when it requires something unknown.
 */
export function digestStrength({ parameters }: AuthChallenge): number {
  const qop = parameters.get('qop')
  const wantsBody = qop !== undefined && qop.trim() !== '' && !offersAuth(qop)
  if (wantsBody || !parameters.has('nonce')) return 0
  const rank = [...HASHES.keys()].indexOf(algorithmOf(parameters).replace(/-sess$/, ''))
  return rank === -1 ? 0 : HASHES.size - rank
}

/**
 * Answers a Digest challenge (RFC 7616, and RFC 2069 before it): MD5, SHA-256 and SHA-512-256, including `-sess`, with
 * `qop` `auth` or none.
 *
 * @param challenge - A challenge whose {@link digestStrength} is above 0.
 * @param target - The request's path and query.
 * @param count - The number of requests for which this challenge was answered, including this one.
 * @param clientNonce - Default: a random one.
 * @returns The value of `Authorization` for a GET.
 */
export function answerDigest(
  { parameters }: AuthChallenge,
  { name, password }: Credentials,
  target: string,
  count: number,
  clientNonce: string = randomBytes(16).toString('hex'),
): string {
  const algorithm = algorithmOf(parameters)
  const hashName = HASHES.get(algorithm.replace(/-sess$/, '')) as string
  const hash = (...parts: string[]): string =>
    createHash(hashName).update(parts.join(':'), 'utf8').digest('hex')
  const realm = parameters.get('realm') ?? ''
  const nonce = parameters.get('nonce') ?? ''
  const opaque = parameters.get('opaque')
  const qop = offersAuth(parameters.get('qop') ?? '') ? 'auth' : undefined
  const hashesName = parameters.get('userhash')?.toLowerCase() === 'true'

  const secret = hash(name, realm, password)
  const key = algorithm.endsWith('-sess') ? hash(secret, nonce, clientNonce) : secret
  const counter = count.toString(16).padStart(8, '0')
  const middle = qop === undefined ? [nonce] : [nonce, counter, clientNonce, qop]
  const response = hash(key, ...middle, hash('GET', target))

  const fields = [
    `username=${quote(hashesName ? hash(name, realm) : name)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(target)}`,
    `response="${response}"`,
    ...(parameters.has('algorithm') ? [`algorithm=${parameters.get('algorithm')}`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${counter}`]),
    ...(qop !== undefined || algorithm.endsWith('-sess') ? [`cnonce="${clientNonce}"`] : []),
    ...(hashesName ? ['userhash=true'] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

function algorithmOf(parameters: AuthChallenge['parameters']): string {
  return parameters.get('algorithm')?.toLowerCase() || 'md5'
}

function offersAuth(qop: string): boolean {
  return qop.split(/[\s,]+/).some((word) => word.toLowerCase() === 'auth')
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
