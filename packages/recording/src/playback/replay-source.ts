import type { Block, BlockKind, Demand } from '@zcast/shared'

/** What a publisher gives a source to run with. */
export interface ReplayRun {
  readonly signal: AbortSignal
  readonly demand: Demand
}

/** What a source sends: a stream with its renditions. */
export interface ReplayStream {
  readonly kind: BlockKind
  readonly stream: string
  readonly renditions: readonly string[]
  /** Bytes of a message. */
  readonly expectedBytes: number
}

/** One stream of a replay: a `Source` of `@zcast/publisher`. */
export class ReplaySource implements ReplayStream {
  readonly kind: BlockKind
  /** Its name, for `publisher.run`. */
  readonly stream: string
  readonly renditions: readonly string[]
  readonly expectedBytes: number
  /** Resolves when it is run. */
  readonly running: Promise<void>
  readonly #onDemand: () => void
  #begin = (): void => undefined
  #demand: Demand | undefined
  #next: Block | undefined
  #isOver = false
  #wake = (): void => undefined
  #taken = (): void => undefined

  /** @param onDemand - Called when other topics are wanted. */
  constructor({ kind, stream, renditions, expectedBytes }: ReplayStream, onDemand: () => void) {
    this.kind = kind
    this.stream = stream
    this.renditions = renditions
    this.expectedBytes = expectedBytes
    this.#onDemand = onDemand
    this.running = new Promise((resolve) => (this.#begin = resolve))
  }

  /** Renditions that are wanted now, and `''` for the stream itself. */
  get wanted(): Iterable<string> {
    return this.#demand?.wanted ?? []
  }

  /** Hands over a block; resolves when there is room for another. */
  async give(block: Block): Promise<void> {
    while (this.#next && !this.#isOver) await new Promise<void>((resolve) => (this.#taken = resolve))
    this.#next = block
    this.#wake()
  }

  /** Ends it, after what it was given. */
  end(): void {
    this.#isOver = true
    this.#begin()
    this.#wake()
    this.#taken()
  }

  /** The blocks; for `publisher.run`. */
  async *blocks({ signal, demand }: ReplayRun): AsyncGenerator<Block> {
    this.#demand = demand
    const stop = demand.onChange(this.#onDemand)
    const end = (): void => this.end()
    signal.addEventListener('abort', end)
    this.#begin()
    try {
      while (!signal.aborted) {
        const block = this.#next
        if (block) {
          this.#next = undefined
          this.#taken()
          yield block
        } else if (this.#isOver) return
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      stop()
      signal.removeEventListener('abort', end)
      this.end()
    }
  }
}
