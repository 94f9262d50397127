import type { Envelope, Log } from '@zcast/shared'
import type { JoinReaders } from '@zcast/web/internal'
import { StreamFeed } from './stream-feed.ts'

/** Options of {@link StreamFeeds}. */
export interface StreamFeedsOptions {
  /** Where the room sends, within the process. */
  readonly endpoint: string
  /** Whether the room has this stream. */
  readonly isThere: (topic: string) => boolean
  readonly onEnvelope: (envelope: Envelope) => void
  /** Called when a stream is no longer read. */
  readonly onClose: (topic: string) => void
  readonly log: Log
}

/** The streams of the room that its pages read, each subscribed to while some page does: as many as the room has. */
export class StreamFeeds {
  readonly #options: StreamFeedsOptions
  readonly #feeds = new Map<string, StreamFeed>()

  constructor(options: StreamFeedsOptions) {
    this.#options = options
  }

  /** The readers of a stream; `undefined` when the room has no such stream. */
  readersOf(topic: string | undefined): JoinReaders | undefined {
    if (topic === undefined || !this.#options.isThere(topic)) return undefined
    return { join: () => (this.#feeds.get(topic) ?? this.#open(topic)).join() }
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#feeds.values()].map((feed) => feed.close()))
  }

  #open(topic: string): StreamFeed {
    const { endpoint, onEnvelope, onClose, log } = this.#options
    const feed = new StreamFeed({
      endpoint,
      topic,
      onEnvelope,
      onClose: () => {
        this.#feeds.delete(topic)
        onClose(topic)
      },
      log,
    })
    this.#feeds.set(topic, feed)
    return feed
  }
}
