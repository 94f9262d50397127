import type { Envelope, Log } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { Subscriber } from '@zcast/subscribers'
import type { JoinReaders } from '@zcast/web/internal'

/** Options of {@link StreamFeed}. */
export interface StreamFeedOptions {
  /** Where the room sends, within the process. */
  readonly endpoint: string
  readonly topic: string
  /** Receives what comes. */
  readonly onEnvelope: (envelope: Envelope) => void
  /** Called when nobody has read it for a while. */
  readonly onClose: () => void
  readonly log: Log
}

/** A page that is loaded again is back by then, in milliseconds. */
const LINGER_MS = 3000

/** One stream of the room for its pages: subscribed to with the first of its readers, until a while after the last one. */
export class StreamFeed implements JoinReaders {
  readonly #options: StreamFeedOptions
  readonly #subscriber: Promise<Subscriber | undefined>
  #readers = 0
  #leaving: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: StreamFeedOptions) {
    this.#options = options
    this.#subscriber = this.#open()
  }

  /** Adds one reader. @returns A function that removes it, to be called once. */
  join(): () => void {
    this.#readers += 1
    clearTimeout(this.#leaving)
    return () => {
      this.#readers -= 1
      if (this.#readers === 0) this.#leaving = setTimeout(() => void this.close(), LINGER_MS).unref()
    }
  }

  /** Ends the subscription. May be called twice. */
  async close(): Promise<void> {
    clearTimeout(this.#leaving)
    if (!this.#isClosed) this.#options.onClose()
    this.#isClosed = true
    await (await this.#subscriber)?.close()
  }

  async #open(): Promise<Subscriber | undefined> {
    const { endpoint, topic, log } = this.#options
    try {
      const subscriber = await Subscriber.open({ connect: endpoint, topics: [topic], log })
      void this.#read(subscriber)
      return subscriber
    } catch (error) {
      log.error(`pages cannot be shown ${topic}: ${errorMessage(error)}`, error)
      return undefined
    }
  }

  async #read(subscriber: Subscriber): Promise<void> {
    try {
      for await (const envelope of subscriber) this.#options.onEnvelope(envelope)
    } catch (error) {
      this.#options.log.error(`${this.#options.topic} cannot be read any more: ${errorMessage(error)}`, error)
      await this.close()
    }
  }
}
