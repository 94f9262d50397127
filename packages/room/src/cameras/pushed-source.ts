import type { Frame, SoundBlock } from '@zcast/shared'
import type { Source, SourceRun } from '@zcast/publisher'

/** Options of {@link PushedSource}. */
export interface PushedSourceOptions<Pushed> {
  readonly kind: Pushed extends Frame ? 'video' : 'audio'
  readonly expectedBytes: number
  /** How many wait to be sent; then the oldest is dropped. */
  readonly limit: number
  /** Called at the beginning, and whenever it changes whether anybody watches or listens. */
  readonly onWanted: (isWanted: boolean) => void
}

/** What somebody elsewhere captures, sent as it comes. */
export class PushedSource<Pushed extends Frame | SoundBlock> implements Source {
  readonly kind: 'video' | 'audio'
  readonly expectedBytes: number
  readonly #options: PushedSourceOptions<Pushed>
  readonly #waiting: Pushed[] = []
  #wake = (): void => {}
  #dropped = 0

  constructor(options: PushedSourceOptions<Pushed>) {
    this.kind = options.kind
    this.expectedBytes = options.expectedBytes
    this.#options = options
  }

  get dropped(): number {
    return this.#dropped
  }

  /** Sends one. */
  push(block: Pushed): void {
    if (this.#waiting.length >= this.#options.limit) {
      this.#waiting.shift()
      this.#dropped += 1
    }
    this.#waiting.push(block)
    this.#wake()
  }

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Pushed> {
    const tell = (): void => this.#options.onWanted(demand.wanted.size > 0)
    const stopTelling = demand.onChange(tell)
    tell()
    const end = (): void => this.#wake()
    signal.addEventListener('abort', end)
    try {
      while (!signal.aborted) {
        const next = this.#waiting.shift()
        if (next) yield next
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      stopTelling()
      signal.removeEventListener('abort', end)
    }
  }
}
