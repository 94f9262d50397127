import { type Block, type CodecError, type NumbersBlock } from '@zcast/shared'
import { sliceRows } from '@zcast/shared/internal'
import { BlockJoiner } from '../block-joiner.ts'
import { MAX_WAITING_BYTES, refuseWaiting } from './refuse-waiting.ts'
import type { TopicQueue } from './topic-handle.ts'

/** Options of {@link Outbox}. */
export interface OutboxOptions {
  readonly topic: string
  /** The largest size of the numbers in one message, in bytes. */
  readonly messageBytes: number
  /** Sends one block; resolves when there is room for another. Called again only then. */
  readonly send: (block: Block) => Promise<void>
  /** Called for each value that is refused because too many are waiting. */
  readonly onOverflow: (error: CodecError) => void
}

/**
 * The number of rows, and the time, that may be taken in one turn of the event loop. Awaiting settled promises lets no
 * timer run (9.4 million awaits, no tick; measured), so a real turn is awaited after these.
 */
const ROWS_A_TURN = 256
const TURN_MS = 1

/** While something is always waiting, the event loop turns this often. */
const LONGEST_RUN_MS = 10

const TAKEN = Promise.resolve()

/**
 * Resolves one real turn of the event loop after a block was sent, so that timers run while a program sends in a loop.
 */
async function turnAfter(handingOver: Promise<void>): Promise<void> {
  await handingOver
  await new Promise(setImmediate)
}

/**
 * The values of one topic on their way to the socket, in order. Numbers that come in one turn of the event loop share
 * messages; they are sent in the next turn.
 */
export class Outbox implements TopicQueue<Block> {
  readonly #options: OutboxOptions
  /** Complete messages. */
  readonly #full: Block[] = []
  /** The message being built. */
  readonly #joiner = new BlockJoiner()
  #waitingBytes = 0
  #handingOver: Promise<void> | undefined
  #takenRows = 0
  #startedMs = 0
  #failure: { readonly reason: unknown } | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /**
   * Takes a block. Numbers resolve at once while little has been taken in this turn, otherwise once everything was
   * sent; everything else always resolves once they were sent.
   *
   * @throws {@link CodecError} `ERR_MEMORY_LIMIT` when too much is already waiting; the error that `send` threw for an
   *   earlier value.
   */
  add(block: Block): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.reason)
    if (this.#waitingBytes + block.data.byteLength > MAX_WAITING_BYTES && this.#waitingBytes > 0) {
      return refuseWaiting(this.#options)
    }
    this.#waitingBytes += block.data.byteLength
    const handingOver = (this.#handingOver ??= this.#start())
    if (block.kind !== 'numbers') {
      this.#full.push(block)
      return turnAfter(handingOver)
    }
    this.#takeRows(block)
    const isTurnDue =
      this.#takenRows >= ROWS_A_TURN ||
      this.#waitingBytes >= this.#options.messageBytes ||
      performance.now() - this.#startedMs >= TURN_MS
    return isTurnDue ? turnAfter(handingOver) : TAKEN
  }

  /** Waits until everything taken has been sent. @throws The error that `send` threw. */
  async flush(): Promise<void> {
    while (this.#handingOver) await this.#handingOver
  }

  /** A message holds no more than others, so that the queues of subscribers have the expected size. */
  #takeRows(block: NumbersBlock): void {
    this.#takenRows += block.rows
    const { messageBytes } = this.#options
    const rowsAtOnce = Math.max(
      Math.floor(messageBytes / (block.columns * Float64Array.BYTES_PER_ELEMENT)),
      1,
    )
    if (block.rows <= rowsAtOnce) return this.#join(block)
    for (let first = 0; first < block.rows; first += rowsAtOnce) {
      this.#join(sliceRows(block, first, Math.min(rowsAtOnce, block.rows - first)))
    }
  }

  #join(block: NumbersBlock): void {
    const hasRoom = this.#joiner.byteLength + block.data.byteLength <= this.#options.messageBytes
    if (hasRoom && this.#joiner.add(block)) return
    this.#finishMessage()
    this.#joiner.add(block)
  }

  #finishMessage(): void {
    const message = this.#joiner.take()
    if (message) this.#full.push(message)
  }

  #start(): Promise<void> {
    this.#takenRows = 0
    this.#startedMs = performance.now()
    const handingOver = this.#handOver()
    // A caller that does not wait gets the error from the next call.
    handingOver.catch((reason: unknown) => (this.#failure = { reason }))
    return handingOver
  }

  async #handOver(): Promise<void> {
    try {
      // After all promises, so that values that are available one after the other still meet, but before the event loop
      // polls its sockets.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      let turnedAtMs = performance.now()
      for (let block = this.#next(); block; block = this.#next()) {
        await this.#options.send(block)
        this.#waitingBytes -= block.data.byteLength
        if (performance.now() - turnedAtMs < LONGEST_RUN_MS) continue
        await new Promise(setImmediate)
        turnedAtMs = performance.now()
      }
    } finally {
      this.#handingOver = undefined
    }
  }

  #next(): Block | undefined {
    return this.#full.shift() ?? this.#joiner.take()
  }
}
