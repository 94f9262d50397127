import { type Demand, type Log, wallClock } from '@zcast/shared'
import type { CapturedPicture, SoundReceiver } from '@zcast/media'
import type { LiveEvents, LiveInput } from './live-input.ts'
import type { LiveSoundSource } from './live-sound-source.ts'

/** A picture and its time of arrival. */
export interface TimedPicture {
  readonly picture: CapturedPicture
  /** Seconds since the Unix epoch. */
  readonly time: number
}

/** Options of {@link LiveSession}. */
export interface LiveSessionOptions {
  /** What the input is open for. */
  readonly demand: Demand
  /** The time that the input stays open while nobody watches, in milliseconds. */
  readonly lingerMs: number
  /** Called for each picture that the input leaves out. */
  readonly badPicture: LiveEvents['badPicture']
  /** Takes the input's sound. Default: it is not read. */
  readonly sound?: LiveSoundSource | undefined
  /** Told when there is no sound. Default: nobody is. */
  readonly log?: Log | undefined
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
  /** True when it ended to be opened again with sound, because somebody listens now. */
  needsSound = false

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
    const { sound, log } = this.#options
    const receiver = sound?.isWanted ? sound.receiver(log) : undefined
    const stopListening = receiver ? undefined : sound?.onChange(() => this.#addSound(sound))
    const reading = this.#read(receiver)
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
      stopListening?.()
      this.#close()
      await reading
    }
  }

  /** Sound that is not listened to is not read; it cannot be added to an input that is open. */
  #addSound(sound: LiveSoundSource): void {
    if (!sound.isWanted || this.#input.once) return
    this.needsSound = true
    this.#close()
  }

  async #read(sound: SoundReceiver | undefined): Promise<void> {
    const { signal } = this.#stop
    const { badPicture } = this.#options
    try {
      for await (const picture of this.#input.open(signal, { badPicture, sound })) {
        if (signal.aborted) return
        if (this.#options.demand.wanted.size === 0) {
          this.#unwanted++
          continue
        }
        if (this.#newest) this.#dropped++
        this.#newest = { picture, time: picture.time ?? wallClock() }
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
