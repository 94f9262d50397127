import type { IncomingHttpHeaders } from 'node:http'
import { HttpRefusal } from '@zcast/web/internal'

/** The version of tus, and what is supported of it: https://tus.io/protocols/resumable-upload */
export const TUS_VERSION = '1.0.0'
export const TUS_EXTENSIONS = 'creation,termination,expiration'
export const TUS_BODY = 'application/offset+octet-stream'

/** A number of bytes in a header. @throws {@link HttpRefusal} 400 when it is none. */
export function readBytes(headers: IncomingHttpHeaders, name: 'upload-length' | 'upload-offset'): number {
  const text = headers[name]
  const bytes = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(bytes)) throw new HttpRefusal(400, `${name} must be a number of bytes`)
  return bytes
}

/**
 * The name of the file in `Upload-Metadata`: a list of keys, each with a value in base64.
 *
 * @returns The empty text where there is none.
 */
export function readFileName(headers: IncomingHttpHeaders): string {
  const pairs = String(headers['upload-metadata'] ?? '')
    .split(',')
    .map((pair) => pair.trim().split(' '))
  const value = pairs.find(([key]) => key === 'filename' || key === 'name')?.[1] ?? ''
  return Buffer.from(value, 'base64').toString('utf8')
}
