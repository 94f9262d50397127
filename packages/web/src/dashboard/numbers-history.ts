import { randomInt } from 'node:crypto'
import type { Envelope, NumbersBlock } from '@zcast/shared'
import { ColumnBudget } from './column-budget.ts'
import { HistoryColumn } from './history-column.ts'

/** The number of slices kept: ten minutes of a stream that has something in each. */
const DEFAULT_CAPACITY = 6000
export const SLICE_SECONDS = 0.1
/** A clock may be set back by this much without the history being dropped. */
const BACKWARD_SECONDS = 1
/** Another publisher that was heard this recently is still there, and may have another clock. */
const OTHER_PUBLISHER_MS = 3000
/** Positions that are always recorded. */
const FIRST_POSITIONS = 16
/** Publishers of a stream whose numbering is followed at once. */
const MAX_EPOCHS = 8
/** Positions that are recorded without being asked for, while there is room. */
const MAX_UNASKED_POSITIONS = 256

/** The number of the next generation: no two are the same, so that a page never confuses them. */
let nextGeneration = randomInt(2 ** 31)

/**
 * The last minutes of a stream of arrays, in slices of a tenth of a second: each holds the time of its first array, how
 * many there were, how many are missing before them, and the least, the greatest and the newest value of each position.
 * The amount kept, and sent, is therefore the same for ten arrays a second and for a million.
 *
 * Arrays may differ in length: a position that an array does not have is unknown there.
 */
export class NumbersHistory {
  readonly #budget: ColumnBudget
  readonly #capacity: number
  readonly #times: Float64Array
  readonly #arrays: Float64Array
  readonly #missing: Float64Array
  /** The number that comes next, of each epoch. */
  readonly #expected = new Map<number | undefined, number>()
  /** The length of the longest array of each slice. */
  readonly #lengths: Uint32Array
  readonly #columns = new Map<number, HistoryColumn>()
  #length = 0
  /** The number of slices with an array of that length. */
  #longest = 0
  #next = 0
  #oldest = 0
  #generation = nextGeneration++
  #slice = Number.NEGATIVE_INFINITY
  #version = 0
  #addedAtMs = 0
  #epoch: number | undefined
  #epochChangedAtMs = Number.NEGATIVE_INFINITY

  /**
   * @param budget - Provides the memory for positions past the first 16. Default: a budget of its own.
   * @param capacity - The number of slices kept. Default 6000.
   */
  constructor(budget: ColumnBudget = new ColumnBudget(), capacity = DEFAULT_CAPACITY) {
    this.#budget = budget
    this.#capacity = capacity
    this.#times = new Float64Array(capacity)
    this.#arrays = new Float64Array(capacity)
    this.#missing = new Float64Array(capacity)
    this.#lengths = new Uint32Array(capacity)
  }

  /** Changes with everything that is added. */
  get version(): number {
    return this.#version
  }

  /** The slice that is still growing; -1 before the first. */
  get newest(): number {
    return this.#next - 1
  }

  /** The number of the oldest slice that is kept. */
  get oldest(): number {
    return this.#oldest
  }

  /** Changes when the history starts again, for example after a clock was set back. */
  get generation(): number {
    return this.#generation
  }

  /** The length of the longest array that is remembered. */
  get length(): number {
    return this.#length
  }

  /** Milliseconds since anything came. */
  get silentMs(): number {
    return performance.now() - this.#addedAtMs
  }

  /**
   * Adds rows of numbers.
   *
   * @param from - The envelope they came in: its epoch identifies the publisher. With several publishers, each value
   *   counts as current, whatever the clock of its publisher says.
   */
  add(block: NumbersBlock, from: Pick<Envelope, 'epoch' | 'retained' | 'withheld'> = {}): void {
    const { rows, time, interval = 0 } = block
    const { epoch } = from
    let missing = this.#countMissing(block, from)
    this.#addedAtMs = performance.now()
    if (epoch !== this.#epoch && this.#epoch !== undefined) this.#epochChangedAtMs = this.#addedAtMs
    this.#epoch = epoch
    for (let row = 0; row < rows;) {
      const at = time + row * interval
      this.#reach(Math.floor(at / SLICE_SECONDS), at)
      const first = row
      const slot = this.newest % this.#capacity
      this.#missing[slot] = (this.#missing[slot] as number) + missing
      missing = 0
      // The rows up to here belong to one slice.
      do row += 1
      while (row < rows && Math.floor((time + row * interval) / SLICE_SECONDS) <= this.#slice)
      this.#addRows(block, first, row)
    }
    this.#version += 1
  }

  /** Records positions from now on, if they are not recorded yet, and keeps them while they are requested. */
  want(positions: readonly number[]): void {
    for (const position of positions) {
      const column = this.#columns.get(position)
      if (column) this.#budget.touch(column)
      else if (position < this.#length) this.#record(position)
    }
  }

  /** Frees its memory. */
  clear(): void {
    this.#restart()
  }

  /** The time of a slice, how many arrays it has, and how many never came before them. */
  slice(ordinal: number): readonly [time: number, arrays: number, missing: number] {
    const slot = ordinal % this.#capacity
    return [this.#times[slot] as number, this.#arrays[slot] as number, this.#missing[slot] as number]
  }

  /** The values of a position, if it is recorded. */
  column(position: number): HistoryColumn | undefined {
    return this.#columns.get(position)
  }

  /** Starts the slice of a time, unless the current one is for that time. */
  #reach(slice: number, time: number): void {
    const isAlone = this.#addedAtMs - this.#epochChangedAtMs > OTHER_PUBLISHER_MS
    if (isAlone && slice < this.#slice - BACKWARD_SECONDS / SLICE_SECONDS) this.#restart()
    if (slice <= this.#slice) return
    this.#slice = slice
    const slot = this.#next % this.#capacity
    const forgotten = this.#next - this.#oldest === this.#capacity ? (this.#lengths[slot] as number) : 0
    this.#times[slot] = time
    this.#arrays[slot] = 0
    this.#missing[slot] = 0
    this.#lengths[slot] = 0
    for (const column of this.#columns.values()) column.begin(this.#next)
    this.#next += 1
    this.#oldest = Math.max(this.#oldest, this.#next - this.#capacity)
    if (forgotten !== this.#length || this.#length === 0) return
    this.#longest -= 1
    if (this.#longest === 0) this.#shrink()
  }

  /** How many arrays should have come between the one before and these. */
  #countMissing(
    { seq, rows }: NumbersBlock,
    { epoch, retained, withheld = 0 }: Pick<Envelope, 'epoch' | 'retained' | 'withheld'>,
  ): number {
    // An earlier one that is sent again is followed by whatever comes.
    if (seq === undefined || retained) return 0
    const expected = this.#expected.get(epoch) ?? seq
    this.#expected.delete(epoch)
    this.#expected.set(epoch, Math.max(seq + rows, expected))
    const [oldest] = this.#expected.keys()
    if (this.#expected.size > MAX_EPOCHS) this.#expected.delete(oldest)
    return Math.max(seq - expected - withheld, 0)
  }

  #addRows({ data, columns: length }: NumbersBlock, first: number, end: number): void {
    if (length > this.#length) this.#grow(length)
    const slot = this.newest % this.#capacity
    this.#arrays[slot] = (this.#arrays[slot] as number) + end - first
    if (length > (this.#lengths[slot] as number)) {
      this.#lengths[slot] = length
      if (length === this.#length) this.#longest += 1
    }
    for (const [position, column] of this.#columns) {
      if (position < length) column.add(this.newest, data, first * length + position, length, end * length)
    }
  }

  #grow(length: number): void {
    const from = this.#length
    this.#length = length
    this.#longest = 0
    for (let position = from; position < Math.min(length, MAX_UNASKED_POSITIONS); position++) {
      if (position < FIRST_POSITIONS || this.#budget.hasRoom) this.#record(position)
    }
  }

  /** Forgets the positions of longer arrays that are no longer in the history. */
  #shrink(): void {
    this.#length = Math.max(...this.#lengths)
    this.#longest = this.#lengths.filter((length) => length === this.#length).length
    for (const position of this.#columns.keys()) if (position >= this.#length) this.#drop(position)
  }

  #record(position: number): void {
    const column = new HistoryColumn(this.#capacity)
    this.#columns.set(position, column)
    if (position >= FIRST_POSITIONS) this.#budget.admit(column, () => this.#columns.delete(position))
  }

  #drop(position: number): void {
    const column = this.#columns.get(position)
    if (column) this.#budget.release(column)
    this.#columns.delete(position)
  }

  #restart(): void {
    for (const position of this.#columns.keys()) this.#drop(position)
    this.#lengths.fill(0)
    this.#length = 0
    this.#generation = nextGeneration++
    this.#next = 0
    this.#oldest = 0
    this.#slice = Number.NEGATIVE_INFINITY
  }
}
