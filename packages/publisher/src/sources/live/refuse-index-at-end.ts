import { SourceError } from '@zcast/shared'
import { findIndexPlace, MOVE_INDEX_ADVICE } from '@zcast/media'

/**
 * Passes on bytes that can be read only once, unless they are an MP4 file whose index comes last.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` with advice, before any byte is passed on.
 */
export async function* refuseIndexAtEnd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | undefined = new Uint8Array()
  for await (const chunk of bytes) {
    if (first) {
      first = Buffer.concat([first, chunk])
      const place = findIndexPlace(first)
      if (place === 'end') throw new SourceError('ERR_SOURCE_UNREADABLE', MOVE_INDEX_ADVICE)
      if (place === undefined) continue
      yield first
      first = undefined
    } else yield chunk
  }
  if (first) yield first
}
