import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { decodeZ85, encodeZ85 } from './z85.ts'

/** The keys of one party of CurveZMQ (RFC 26): Curve25519, 32 bytes each, written as 40 letters of Z85. */
export interface CurveKeys {
  /** May be shown to anybody. */
  readonly publicKey: string
  /** Must never leave the machine, or appear in a log or an error. */
  readonly secretKey: string
}

const KEY_BYTES = 32

// The DER header of a 32-byte X25519 key (RFC 8410); Node does not accept bare keys.
const SECRET_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** Creates new keys. X25519 of RFC 7748 is the curve that CurveZMQ uses. */
export function createCurveKeys(): CurveKeys {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' })
  return { publicKey: exportPublic(publicKey), secretKey: encodeZ85(secret.subarray(-KEY_BYTES)) }
}

/** True when a text is a key, public or secret. */
export function isCurveKey(text: string): boolean {
  return decodeZ85(text)?.byteLength === KEY_BYTES
}

/** True when the public key belongs to the secret key. */
export function belongTogether({ publicKey, secretKey }: CurveKeys): boolean {
  const secret = decodeZ85(secretKey)
  if (secret?.byteLength !== KEY_BYTES) return false
  const key = createPrivateKey({ key: Buffer.concat([SECRET_PREFIX, secret]), format: 'der', type: 'pkcs8' })
  return exportPublic(createPublicKey(key)) === publicKey
}

function exportPublic(key: KeyObject): string {
  return encodeZ85(key.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES))
}
