import type { NumbersBlock } from '@zcast/shared'

/** The largest difference between a joined row's time and its own, in seconds: well below what a network adds. */
const TIME_TOLERANCE_S = 0.0005

/**
 * Joins consecutive blocks of numbers into one. The wire gives a message one time and one interval, so blocks are
 * joined only while all their rows stay within 0.5 ms of their own time: the slopes that fit every row so far are kept,
 * and a row that none of them fits ends the joining.
 */
export class BlockJoiner {
  #blocks: NumbersBlock[] = []
  #rows = 0
  #byteLength = 0
  #leastInterval = 0
  #mostInterval = Number.POSITIVE_INFINITY

  /** The number of rows held. */
  get rows(): number {
    return this.#rows
  }

  /** The size of the values held, in bytes. */
  get byteLength(): number {
    return this.#byteLength
  }

  /**
   * Appends a block to those held.
   *
   * @returns True when it was appended; false when it has other columns, or times that do not fit.
   */
  add(block: NumbersBlock): boolean {
    const first = this.#blocks[0]
    if (first === undefined) {
      this.#fit(block, block.time)
    } else if (!isAlike(first, block) || !isTimed(first) || !isTimed(block)) {
      return false
    } else if (!this.#fit(block, first.time)) {
      return false
    }
    this.#blocks.push(block)
    this.#rows += block.rows
    this.#byteLength += block.data.byteLength
    return true
  }

  /** Removes everything held and returns it as one block; a single block unchanged, without a copy. */
  take(): NumbersBlock | undefined {
    const [first, ...others] = this.#blocks
    const joined = first && others.length > 0 ? this.#join(first) : first
    this.#blocks = []
    this.#rows = 0
    this.#byteLength = 0
    this.#leastInterval = 0
    this.#mostInterval = Number.POSITIVE_INFINITY
    return joined
  }

  #join(first: NumbersBlock): NumbersBlock {
    const { columns, time } = first
    const data = new Float64Array(this.#rows * columns)
    let position = 0
    for (const block of this.#blocks) {
      data.set(block.data, position)
      position += block.data.length
    }
    const mean = (lastTime(this.#blocks.at(-1) as NumbersBlock) - time) / (this.#rows - 1)
    const interval = Math.min(Math.max(mean, this.#leastInterval), this.#mostInterval)
    return { ...first, interval, rows: this.#rows, data }
  }

  /** Narrows the intervals to those that also fit a block's rows. @returns True when any remain. */
  #fit(block: NumbersBlock, from: number): boolean {
    let least = this.#leastInterval
    let most = this.#mostInterval
    // The rows of one block lie on a line, so checking its ends is enough.
    for (const [row, time] of [
      [this.#rows, block.time],
      [this.#rows + block.rows - 1, lastTime(block)],
    ] as const) {
      if (row === 0) continue
      least = Math.max(least, (time - from - TIME_TOLERANCE_S) / row)
      most = Math.min(most, (time - from + TIME_TOLERANCE_S) / row)
    }
    if (least > most) return false
    this.#leastInterval = least
    this.#mostInterval = most
    return true
  }
}

function isAlike(a: NumbersBlock, b: NumbersBlock): boolean {
  return a.columns === b.columns && a.names === b.names && a.units === b.units
}

/** True when the times of all of a block's rows are known. */
function isTimed(block: NumbersBlock): boolean {
  return block.rows === 1 || block.interval !== undefined
}

function lastTime({ time, interval = 0, rows }: NumbersBlock): number {
  return time + interval * (rows - 1)
}
