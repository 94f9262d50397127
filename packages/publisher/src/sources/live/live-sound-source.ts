import type { SoundReceiver } from '@zcast/media'
import { ClosedError, type Log, type SoundBlock } from '@zcast/shared'
import { SoundShape } from '../audio/sound-shape.ts'
import type { Source, SourceRun } from '../source.ts'

/** Options of a {@link LiveSoundSource}. */
export interface LiveSoundOptions {
  /** How messages name what it is the sound of; without secrets. */
  readonly name: string
  /** Samples a second to convert to, 1000 to 384,000. Default 48,000. */
  readonly rate?: number | undefined
  /** Channels to mix to, 1 to 32. Default 2. */
  readonly channels?: number | undefined
}

const DEFAULT_RATE = 48_000
/** A second: what waits longer for a publisher that does not send is left out. */
const MOST_WAITING = 50

/**
 * The sound of a live input, as its `LiveSource` receives it: read and decoded while somebody listens, by the clock of
 * the pictures.
 */
export class LiveSoundSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes: number
  readonly #options: LiveSoundOptions
  readonly #shape: SoundShape
  readonly #listeners = new Set<() => void>()
  readonly #waiting: SoundBlock[] = []
  #isWanted = false
  #dropped = 0
  #wake = (): void => undefined
  #started = false

  /** @throws {@link OptionError} when the rate or the number of channels is out of range. */
  constructor(options: LiveSoundOptions) {
    const { rate = DEFAULT_RATE, channels = 2 } = options
    this.#options = options
    this.#shape = new SoundShape(rate, channels)
    this.expectedBytes = this.#shape.bytes
  }

  /** True while somebody listens. */
  get isWanted(): boolean {
    return this.#isWanted
  }

  /** The number of pieces left out because they were not sent in time. */
  get dropped(): number {
    return this.#dropped
  }

  /** Calls `listener` whenever {@link isWanted} changes. @returns A function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Takes the sound of one opening of the input.
   *
   * @param log - Told when somebody listens and there is none. Default: nobody is.
   */
  receiver(log?: Log): SoundReceiver {
    const { rate, channels, frameBytes, bytes, seconds } = this.#shape
    let rest: Uint8Array = new Uint8Array()
    let isTold = false
    return {
      rate,
      channels,
      take: (samples, time) => {
        const all = Buffer.concat([rest, samples])
        let due = time - rest.byteLength / frameBytes / rate
        let at = 0
        for (; at + bytes <= all.byteLength; at += bytes, due += seconds)
          this.#add(this.#shape.block(due, all.subarray(at, at + bytes)))
        rest = all.subarray(at)
      },
      missing: (reason) => {
        const { name } = this.#options
        if (!isTold)
          log?.warning(`"${name}" is sent without sound: ${reason}`, undefined, `no sound of ${name}`)
        isTold = true
      },
    }
  }

  /** Never ends by itself. @throws {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    if (this.#started) throw new ClosedError(`the sound of "${this.#options.name}"`)
    this.#started = true
    const check = (): void => this.#setWanted(demand.wanted.size > 0)
    const onAbort = (): void => this.#wake()
    const stop = demand.onChange(check)
    signal.addEventListener('abort', onAbort)
    check()
    try {
      while (!signal.aborted) {
        const block = this.#waiting.shift()
        if (block) yield block
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      stop()
      signal.removeEventListener('abort', onAbort)
      this.#setWanted(false)
    }
  }

  #add(block: SoundBlock): void {
    if (!this.#isWanted) return
    this.#waiting.push(block)
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift()
      this.#dropped++
    }
    this.#wake()
  }

  #setWanted(wanted: boolean): void {
    if (wanted === this.#isWanted) return
    this.#isWanted = wanted
    if (!wanted) this.#waiting.length = 0
    for (const listener of this.#listeners) listener()
  }
}
