import { readHolding, type Holding } from './proc.ts'

const SAMPLE_MS = 250

/** What a process' memory did over a run, in MiB of resident memory. */
export interface MemoryTrend {
  /** The least in the second quarter of the run: what it holds once it is warm, however much comes and goes above it. */
  readonly before: number
  /** The least in the last quarter. */
  readonly after: number
  readonly most: number
  /** The most file descriptors in the first half, and in the last quarter. */
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
    const rss = this.#samples.map(({ rssMiB }) => rssMiB)
    const files = this.#samples.map(({ descriptors }) => descriptors)
    const [quarter, half, threeQuarters] = [1, 2, 3].map((quarters) => Math.floor((length * quarters) / 4))
    return {
      before: Math.min(...rss.slice(quarter, half)),
      after: Math.min(...rss.slice(threeQuarters)),
      most: Math.max(...rss),
      descriptors: [Math.max(...files.slice(0, half)), Math.max(...files.slice(threeQuarters))],
    }
  }
}
