import type { ChunkValues } from '../chunk-part.ts'

/** What is remembered; the oldest goes first. */
const MAX_RUNS = 16_384

/** Values that came to a ring, and are not in it: the disk was full or too slow, or there were too many topics. */
export interface DroppedValues extends Omit<ChunkValues, 'to'> {
  /** Seconds since the Unix epoch at which the last of them came. */
  readonly time: number
}

/** Remembers what a ring dropped, for as long as it keeps what it did not drop. */
export class DroppedRuns {
  #runs: DroppedValues[] = []
  readonly #seconds: number

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  note(values: Iterable<ChunkValues>): void {
    for (const { to, ...run } of values) this.#runs.push({ ...run, time: Number(to) / 1e9 })
    const oldest = (this.#runs.at(-1)?.time ?? 0) - this.#seconds
    const kept = this.#runs.findIndex(({ time }) => time >= oldest)
    this.#runs.splice(0, Math.max(kept, this.#runs.length - MAX_RUNS))
  }

  /** Those whose last values came then, in the order of time. Both in seconds since the Unix epoch, and included. */
  between(from: number, to: number): readonly DroppedValues[] {
    return this.#runs.filter(({ time }) => time >= from && time <= to).toSorted((a, b) => a.time - b.time)
  }
}
