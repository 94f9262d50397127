import { readHolding, type Holding } from './proc.ts'

const SAMPLE_MS = 250

/** What a process' memory did over a run, in MiB of resident memory. */
export interface MemoryTrend {
  /** The mean of the second quarter of the run: all is loaded by then. */
  readonly settled: number
  /** The mean of the last quarter. */
  readonly end: number
  readonly most: number
  /** The most file descriptors in the second quarter, and in the last. */
  readonly descriptors: readonly [number, number]
}

/** Watches the memory of a process. */
export class MemoryWatch {
  readonly #samples: Holding[] = []
  readonly #timer: NodeJS.Timeout

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      const holding = readHolding(pid)
      if (holding) this.#samples.push(holding)
    }, SAMPLE_MS)
  }

  /** Ends the watching. @returns `undefined` where the system does not tell. */
  close(): MemoryTrend | undefined {
    clearInterval(this.#timer)
    const { length } = this.#samples
    if (length < 8) return undefined
    const quarter = (number: number): readonly Holding[] =>
      this.#samples.slice(Math.floor((length * number) / 4), Math.floor((length * (number + 1)) / 4))
    const mean = (samples: readonly Holding[]): number =>
      samples.reduce((sum, { rssMiB }) => sum + rssMiB, 0) / samples.length
    const files = (samples: readonly Holding[]): number =>
      Math.max(...samples.map(({ descriptors }) => descriptors))
    return {
      settled: mean(quarter(1)),
      end: mean(quarter(3)),
      most: Math.max(...this.#samples.map(({ rssMiB }) => rssMiB)),
      descriptors: [files(quarter(1)), files(quarter(3))],
    }
  }
}
