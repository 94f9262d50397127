import { type Log, sliceValues, valueCount } from '@zcast/shared'
import { envelopeBytes } from '@zcast/shared/internal'
import type { CarriedEnvelope } from './relay-codec.ts'

/** Blocks of one topic that may wait to be taken apart. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024

/** Rows that are on their way at once. */
const ROWS_AT_ONCE = 100

/** While rows are handed over, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/** The parts of its topic that a {@link RowQueue} needs. */
export interface RowQueueOptions {
  readonly log: Log | undefined
  /** Sends a row; resolves to false when it could not be sent. */
  readonly hand: (row: CarriedEnvelope) => Promise<boolean>
  /** Called with the number of rows that are given up. */
  readonly onDropped: (rows: number) => void
  /** Called with the change of the bytes that wait. */
  readonly onWaiting: (bytes: number) => void
}

/** Hands on a row a message, in order: a block may have millions, so they are cut off it as they are sent. */
export class RowQueue {
  readonly #options: RowQueueOptions
  readonly #waiting: CarriedEnvelope[] = []
  #waitingBytes = 0
  #isHanding = false
  #turnedAtMs = 0

  constructor(options: RowQueueOptions) {
    this.#options = options
  }

  /** Takes a block, or refuses it as a whole when too much waits. */
  add(envelope: CarriedEnvelope): void {
    const bytes = envelopeBytes(envelope)
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > MAX_WAITING_BYTES)
      return this.#refuse(envelope)
    this.#count(bytes)
    this.#waiting.push(envelope)
    if (!this.#isHanding) void this.#handAll()
  }

  async #handAll(): Promise<void> {
    this.#isHanding = true
    this.#turnedAtMs = performance.now()
    for (let block = this.#waiting.shift(); block; block = this.#waiting.shift()) {
      await this.#handRows(block)
      this.#count(-envelopeBytes(block))
    }
    this.#isHanding = false
  }

  async #handRows(envelope: CarriedEnvelope): Promise<void> {
    const rows = valueCount(envelope.block)
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - first)
      const handed = Array.from({ length: count }, (_, row) =>
        this.#options.hand(rowOf(envelope, first + row)),
      )
      const isAnySent = (await Promise.all(handed)).includes(true)
      if (!isAnySent) return this.#options.onDropped(rows - first - count)
      await this.#turn()
    }
  }

  /** Settled promises let no timer run. */
  async #turn(): Promise<void> {
    if (performance.now() - this.#turnedAtMs < LONGEST_RUN_MS) return
    await new Promise(setImmediate)
    this.#turnedAtMs = performance.now()
  }

  #refuse({ topic, block }: CarriedEnvelope): void {
    this.#options.onDropped(valueCount(block))
    this.#options.log?.warning(
      `${MAX_WAITING_BYTES / 1024 / 1024} MiB of ${topic} are waiting to be sent row by row, so further ones are dropped`,
      undefined,
      `rows ${topic}`,
    )
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes
    this.#options.onWaiting(bytes)
  }
}

function rowOf(envelope: CarriedEnvelope, row: number): CarriedEnvelope {
  if (valueCount(envelope.block) === 1) return envelope
  return {
    ...envelope,
    block: sliceValues(envelope.block, row, 1),
    withheld: row === 0 ? envelope.withheld : 0,
  }
}
