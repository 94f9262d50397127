import { readHolding, type Holding } from './proc.ts'

const SAMPLE_MS = 250

/** What a process' memory did over a run, in MiB of resident memory. */
export interface MemoryTrend {
  /** The most in the first half of the run. */
  readonly before: number
  /** The least in the last quarter: what is never given back, however much comes and goes above it. */
  readonly floor: number
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
    const [half, threeQuarters] = [Math.floor(length / 2), Math.floor((length * 3) / 4)]
    return {
      before: Math.max(...rss.slice(0, half)),
      floor: Math.min(...rss.slice(threeQuarters)),
      most: Math.max(...rss),
      descriptors: [Math.max(...files.slice(0, half)), Math.max(...files.slice(threeQuarters))],
    }
  }
}
