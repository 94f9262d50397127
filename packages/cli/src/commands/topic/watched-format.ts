import type { Format } from '@zcast/formats'
import { MsgpackCodec, type Codec } from '@zcast/shared'
import { AnyReader, CodecReader, RawReader, type SightReader } from '@zcast/subscribers/topics'

/** How the messages are read that are looked at. */
export interface WatchedFormat {
  /** Opens a reader for one socket. */
  readonly reader: () => SightReader
  readonly codec: Codec
}

/** @param format - `undefined` to tell formats apart by their messages. */
export function watchedFormat(format: Format | undefined): WatchedFormat {
  if (!format) return { reader: () => new AnyReader(), codec: new MsgpackCodec() }
  // Parts as they are.
  if (format.kinds.length === 0) return { reader: () => new RawReader(), codec: format.openCodec() }
  return { reader: () => new CodecReader(format.openCodec(), format.name), codec: format.openCodec() }
}
