import type { Envelope } from '@zcast/shared'
import type { Sink, SinkContext } from './sink.ts'

/** The sinks of a {@link FanOutSink}. */
export interface FanOutSinks {
  /** They show: each gets the newest envelope when it is ready for another, and holds nobody back. */
  readonly newest?: readonly Sink[] | undefined
  /** They keep: each gets every envelope, and the next one waits for them. */
  readonly every?: readonly Sink[] | undefined
}

/**
 * Hands each envelope to several sinks, such as a terminal and a recording.
 *
 * `write` resolves when every sink that keeps has taken the envelope: their slowness is the subscriber's, which counts
 * what it passes over. Where no sink keeps, it resolves when the quickest one is ready for another. What a slow sink
 * that shows passes over is its own matter; a terminal counts it in its status line.
 */
export class FanOutSink implements Sink {
  readonly #every: readonly Sink[]
  readonly #newest: readonly NewestLane[]

  constructor({ newest = [], every = [] }: FanOutSinks) {
    this.#every = every
    this.#newest = newest.map((sink) => new NewestLane(sink))
  }

  /** Opens the sinks one after the other; on a failure those that are open stay so until `close`. */
  async open(context: SinkContext): Promise<void> {
    const [, another] = this.#sinks
    // None of several may pause, or choose, what the others need.
    const shared = another ? { ...context, subscription: undefined, renditions: undefined } : context
    for (const sink of this.#sinks) await sink.open(shared)
  }

  /** @throws What a sink's `write` threw; that of a sink that shows comes with the next envelope at the latest. */
  async write(envelope: Envelope): Promise<void> {
    const ready = this.#newest.map((lane) => lane.offer(envelope))
    if (this.#every.length === 0) return Promise.race(ready)
    await Promise.all(this.#every.map(async (sink) => sink.write(envelope)))
  }

  /** Closes all of them, whatever happens to one. @throws The first failure. */
  async close(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#sinks.map((sink) => sink.close()))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  }

  get #sinks(): Sink[] {
    return [...this.#every, ...this.#newest.map((lane) => lane.sink)]
  }
}

/** One sink and the newest envelope that waits for it. */
class NewestLane {
  readonly sink: Sink
  #waiting: Envelope | undefined
  #running: Promise<void> | undefined
  #failure: { readonly reason: unknown } | undefined

  constructor(sink: Sink) {
    this.sink = sink
  }

  /** Resolves when the sink is ready for another envelope. */
  offer(envelope: Envelope): Promise<void> {
    if (this.#failure) throw this.#failure.reason
    this.#waiting = envelope
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<void> {
    try {
      for (let next = this.#waiting; next; next = this.#waiting) {
        this.#waiting = undefined
        await this.sink.write(next)
      }
    } catch (reason) {
      this.#failure = { reason }
    } finally {
      // At once, not when the promise settles: an envelope offered in between would be left waiting.
      this.#running = undefined
    }
  }
}
