/** The greeting of ZMTP 3 (RFC 23), in bytes. */
export const GREETING_BYTES = 64

/** Its beginning, up to the version. */
export const VERSIONED_BYTES = 12

const MECHANISM_AT = VERSIONED_BYTES
const MECHANISM_BYTES = 20

/** The greeting of a client without keys. */
export function formatGreeting(): Buffer {
  const greeting = Buffer.alloc(GREETING_BYTES)
  greeting[0] = 0xff
  greeting[8] = 0x01
  greeting[9] = 0x7f
  greeting[10] = 3
  greeting.write('NULL', MECHANISM_AT, 'latin1')
  return greeting
}

/**
 * Reads the other end's greeting.
 *
 * @param bytes - {@link GREETING_BYTES} of them.
 * @returns The security mechanism that it speaks, such as `NULL` or `CURVE`; `undefined` when it is no ZMTP 3.
 */
export function parseGreeting(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0xff || bytes[9] !== 0x7f || (bytes[10] ?? 0) < 3) return undefined
  const name = bytes.subarray(MECHANISM_AT, MECHANISM_AT + MECHANISM_BYTES)
  return Buffer.from(name).toString('latin1').replace(/\0+$/, '')
}

const PROPERTY = 'socket-type'

/** The command with which a subscriber says what it is. */
export function formatReady(): Buffer {
  return Buffer.concat([
    Buffer.from('\x05READY\x0bSocket-Type', 'latin1'),
    Buffer.from([0, 0, 0, 4]),
    Buffer.from('XSUB'),
  ])
}

/**
 * Reads the type of the other end's socket from its `READY`, such as `XPUB`; `''` when it does not say.
 */
export function parseSocketType(ready: Uint8Array): string {
  const text = Buffer.from(ready.buffer, ready.byteOffset, ready.byteLength).toString('latin1')
  const at = text.toLowerCase().indexOf(PROPERTY)
  if (at === -1) return ''
  // Four bytes say how long the value is; no type is longer than the last of them says.
  const valueAt = at + PROPERTY.length + 4
  return text.slice(valueAt, valueAt + text.charCodeAt(valueAt - 1))
}
