import { checkTime } from './check-time.ts'
import type { Samples, SoundPieces } from './sound-pieces.ts'
import { TopicHandle, type TopicLink } from './topic-handle.ts'

/** The time at which sound was captured. */
export interface SendSoundOptions {
  /** Seconds since the Unix epoch at which the first sample was captured. Default: what comes follows on what came before, the last sample now. */
  readonly time?: number | undefined
}

/** One topic of sound of a publisher: `publisher.topic('audio/mic', { rate: 48_000 })`. */
export class SoundTopic extends TopicHandle {
  readonly #pieces: SoundPieces

  /** @internal */
  constructor(link: TopicLink, pieces: SoundPieces) {
    super(link)
    this.#pieces = pieces
  }

  /**
   * Sends samples, which are copied, in messages of 20 ms; or one Opus packet. Send them as they come, at the pace of the
   * sound: a listener plays what it gets. Resolves once they were handed to ZeroMQ. Without awaiting it, at most 64 MiB
   * may be waiting: further sound is dropped, logged, and counted in `publisher.dropped`.
   *
   * @param samples - 16-bit samples, the channels in turn: an `Int16Array`, or its bytes, little-endian.
   * @throws {@link CodecError} `ERR_VALUE` when it is anything else, is empty, or has not as many samples of each
   *   channel; `ERR_MEMORY_LIMIT` when 64 MiB are waiting.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const horn = publisher.topic('audio/horn', { rate: 48_000, channels: 1 })
   * const samples = Int16Array.from({ length: 960 }, (_, at) => 8000 * Math.sin((2 * Math.PI * 440 * at) / 48_000))
   * await horn.send(samples)
   * await publisher.close()
   * ```
   */
  async send(samples: Samples, { time }: SendSoundOptions = {}): Promise<void> {
    const blocks = this.#pieces.of(samples, time === undefined ? undefined : checkTime(time))
    await Promise.all(blocks.map((block) => this.take(() => block)))
  }
}
