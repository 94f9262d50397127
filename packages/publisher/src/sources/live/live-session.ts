import { type Demand, wallClock } from '@zcast/shared'
import type { CapturedPicture } from '@zcast/media'
import type { LiveEvents, LiveInput } from './live-input.ts'

/** A picture and its time of arrival. */
export interface TimedPicture {
  readonly picture: CapturedPicture
  /** Seconds since the Unix epoch. */
  readonly time: number
}

/** Options of {@link LiveSession}. */
export interface LiveSessionOptions {
  readonly demand: Demand
  /** The time that the input stays open while nobody watches, in milliseconds. */
  readonly lingerMs: number
  /** Receives the pictures that the input leaves out. */
  readonly events: LiveEvents
  /** Ends the session. */
  readonly signal: AbortSignal
}

/**
 * One opening of an input. It is read as fast as it produces, whatever the reader does, and only the newest picture is
 * kept: so neither the device nor a network ever queues. While nobody watches, pictures are read and discarded, and
 * after the linger time the input is closed.
 */
export class LiveSession {
  readonly #input: LiveInput
  readonly #options: LiveSessionOptions
  readonly #stop = new AbortController()
  #newest: TimedPicture | undefined
  #wake = (): void => {}
  #ended = false
  #dropped = 0
  #unwanted = 0
  /** The error that ended it, if it was an error of the input. */
  failure: unknown
  /** True when it ended because nobody was watching any more. */
  idle = false

  constructor(input: LiveInput, options: LiveSessionOptions) {
    this.#input = input
    this.#options = options
  }

  /** The number of pictures left out because a newer one came before they were taken. */
  get dropped(): number {
    return this.#dropped
  }

  /** The number of pictures that came while nobody watched. */
  get unwanted(): number {
    return this.#unwanted
  }

  /** The newest picture, repeatedly, until the input ends or fails; iterate once. Leaving the loop closes the input. */
  async *pictures(): AsyncGenerator<TimedPicture> {
    const { demand, signal } = this.#options
    const onAbort = (): void => this.#close()
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    const stopLingering = this.#lingerAfterDemand(demand)
    const reading = this.#read()
    try {
      while (!this.#stop.signal.aborted) {
        const picture = this.#newest
        this.#newest = undefined
        if (picture) yield picture
        else if (this.#ended) return
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      stopLingering()
      this.#close()
      await reading
    }
  }

  async #read(): Promise<void> {
    const { signal } = this.#stop
    try {
      for await (const picture of this.#input.open(signal, this.#options.events)) {
        if (signal.aborted) return
        if (this.#options.demand.wanted.size === 0) {
          this.#unwanted++
          continue
        }
        if (this.#newest) this.#dropped++
        this.#newest = { picture, time: wallClock() }
        this.#wake()
      }
    } catch (error) {
      if (!signal.aborted) this.failure = error
    } finally {
      this.#ended = true
      this.#wake()
    }
  }

  #lingerAfterDemand(demand: Demand): () => void {
    let timer: NodeJS.Timeout | undefined
    const check = (): void => {
      clearTimeout(timer)
      if (demand.wanted.size > 0) return
      this.#newest = undefined
      // An input that cannot be opened again is never closed for lack of a reader.
      if (this.#input.once) return
      timer = setTimeout(() => {
        this.idle = true
        this.#close()
      }, this.#options.lingerMs)
    }
    const stop = demand.onChange(check)
    check()
    return () => {
      stop()
      clearTimeout(timer)
    }
  }

  #close(): void {
    this.#stop.abort()
    this.#wake()
  }
}
