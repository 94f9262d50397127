import { type Frame, wallClock } from '@zcast/shared'
import { checkTime } from './check-time.ts'
import { toFrame } from './to-frame.ts'
import { TopicHandle } from './topic-handle.ts'

/** The time at which a picture was captured. */
export interface SendPictureOptions {
  /** Seconds since the Unix epoch at which it was captured. Default: now. */
  readonly time?: number | undefined
}

/** One topic of pictures of a publisher: `publisher.topic('video/cam')`. */
export class VideoTopic extends TopicHandle {
  /**
   * Sends one JPEG picture, whose width and height are read from it. Its bytes are copied. Resolves once it was handed
   * to ZeroMQ; with delivery `all` that waits for the slowest subscriber. Without awaiting it, at most 64 MiB may be
   * waiting: further pictures are dropped, logged, and counted in `publisher.dropped`.
   *
   * @param jpeg - One complete picture, SOI to EOI, with nothing after it; at most 16 MiB and 64 million pixels.
   * @throws {@link CodecError} `ERR_FRAME` when receivers would refuse it; `ERR_VALUE` when it is not bytes;
   *   `ERR_MESSAGE_SIZE` when it does not fit a message; `ERR_MEMORY_LIMIT` when 64 MiB are waiting.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { encodeJpeg } from '@zcast/media'
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*', pictureTopics: 1 })
   * const cam = publisher.topic('video/cam')
   * const grey = Buffer.alloc(64 * 48 * 3, 128)
   * await cam.send(await encodeJpeg(grey, 64, 48))
   * await publisher.close()
   * ```
   */
  send(jpeg: Uint8Array, { time }: SendPictureOptions = {}): Promise<void> {
    return this.take((): Frame => toFrame(jpeg, time === undefined ? wallClock() : checkTime(time)))
  }
}
