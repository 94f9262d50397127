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
  /** Messages that were recorded of it. */
  readonly messages: number
}

/** What may wait for its publisher before the others wait too. */
const MOST_WAITING_BYTES = 256 * 1024

/** One stream of a replay: a `Source` of `@zcast/publisher`. */
export class ReplaySource implements ReplayStream {
  readonly kind: BlockKind
  /** Its name, for `publisher.run`. */
  readonly stream: string
  readonly renditions: readonly string[]
  readonly expectedBytes: number
  readonly messages: number
  /** Resolves when it is run. */
  readonly running: Promise<void>
  readonly #onDemand: () => void
  #begin = (): void => undefined
  #demand: Demand | undefined
  #waiting: Block[] = []
  #waitingBytes = 0
  #isOver = false
  #wake = (): void => undefined
  #taken = (): void => undefined

  /** @param onDemand - Called when other topics are wanted. */
  constructor({ kind, stream, renditions, expectedBytes, messages }: ReplayStream, onDemand: () => void) {
    this.kind = kind
    this.stream = stream
    this.renditions = renditions
    this.expectedBytes = expectedBytes
    this.messages = messages
    this.#onDemand = onDemand
    this.running = new Promise((resolve) => (this.#begin = resolve))
  }

  /** Renditions that are wanted now, and `''` for the stream itself. */
  get wanted(): Iterable<string> {
    return this.#demand?.wanted ?? []
  }

  /** Hands over a block. @returns A promise where the next one must wait. */
  give(block: Block): Promise<void> | undefined {
    if (this.#isOver) return undefined
    this.#waiting.push(block)
    this.#waitingBytes += block.data.byteLength
    this.#wake()
    return this.#waitingBytes < MOST_WAITING_BYTES ? undefined : this.#untilTaken()
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
        const blocks = this.#waiting
        this.#waiting = []
        this.#waitingBytes = 0
        this.#taken()
        yield* blocks
        if (this.#waiting.length > 0) continue
        if (this.#isOver) return
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      stop()
      signal.removeEventListener('abort', end)
      this.end()
    }
  }

  async #untilTaken(): Promise<void> {
    while (this.#waitingBytes >= MOST_WAITING_BYTES && !this.#isOver)
      await new Promise<void>((resolve) => (this.#taken = resolve))
  }
}
