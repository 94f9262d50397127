import { invalid, type Rejection } from '@zcast/shared'
import type { Fields } from './own-keys.ts'

/** The longest JSON header of a picture, in bytes. */
const MAX_HEADER_BYTES = 64 * 1024

/** Reads the untrusted JSON object before a picture. */
export function readJsonHeader(part: Uint8Array): Fields | Rejection {
  if (part.byteLength > MAX_HEADER_BYTES) return invalid(`the header is over ${MAX_HEADER_BYTES} bytes`)
  try {
    const header: unknown = JSON.parse(textOf(part))
    if (header !== null && typeof header === 'object' && !Array.isArray(header)) return header as Fields
  } catch {
    // Said below.
  }
  return invalid('the header is not a JSON object')
}

/** The text of some bytes; what is not UTF-8 becomes U+FFFD. */
export function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

/** True when reading was refused. */
export function isRefused(result: object): result is Rejection {
  return 'rejected' in result
}
