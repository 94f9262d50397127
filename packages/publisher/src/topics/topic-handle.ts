import { type Block, ClosedError, type Demand } from '@zcast/shared'

/** What a handle has taken and its publisher has not sent yet. */
export interface TopicQueue<Taken> {
  /** Resolves when there is room for more. */
  add(taken: Taken): Promise<void>
  /** Waits until everything taken has been sent. @throws The error of sending it. */
  flush(): Promise<void>
}

/** The connection of a topic's handle to its publisher. */
export interface TopicLink<Taken = Block> {
  /** The whole topic, such as `numbers/imu`. */
  readonly topic: string
  readonly outbox: TopicQueue<Taken>
  readonly demand: Demand
  /** Ends the topic, and frees its name. */
  readonly end: () => Promise<void>
}

/** One topic of a publisher, to which values are sent as they come. */
export abstract class TopicHandle<Taken = Block> {
  /** The whole topic, such as `numbers/imu`. */
  readonly topic: string
  readonly #link: TopicLink<Taken>
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(link: TopicLink<Taken>) {
    this.topic = link.topic
    this.#link = link
  }

  /** True while some subscriber wants this topic. A program can use it to avoid making pictures for nobody. */
  get isWatched(): boolean {
    return this.#link.demand.wanted.size > 0
  }

  /** Waits until some subscriber wants this topic, or the signal aborts. */
  async untilWatched(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.#link.demand.untilWanted(signal)
  }

  /**
   * Sends what was taken, and frees the topic's name; the publisher stays open. May be called twice.
   *
   * @throws Any error of sending that has not been thrown yet.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#end())
  }

  /** Closes the topic. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Takes what `make` returns; always returns a promise. */
  protected take(make: () => Taken): Promise<void> {
    try {
      if (this.#closing) throw new ClosedError(`the topic ${this.topic}`)
      return this.#link.outbox.add(make())
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #end(): Promise<void> {
    try {
      await this.#link.outbox.flush()
    } finally {
      await this.#link.end()
    }
  }
}
