import { refuseMsgpack } from './header-scanner.ts'
import { msgpack } from './msgpackr-library.ts'

/**
 * Unpacks one msgpack value from outside, of any type, without extensions.
 *
 * @param maxDepth - The deepest nesting.
 * @returns `undefined` when the bytes are not one such value. Never throws.
 */
export function unpackMsgpack(bytes: Uint8Array, maxDepth: number): unknown {
  if (refuseMsgpack(bytes, { what: 'the value', maxDepth }) !== undefined) return undefined
  return new (msgpack().Unpackr)({ useRecords: false, int64AsType: 'number' }).unpack(bytes)
}
