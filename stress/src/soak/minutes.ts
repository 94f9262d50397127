import { readHolding, type Holding } from '../support/proc.ts'
import type { Figures } from './accounts.ts'
import type { Member, Stage } from './stage.ts'

/** One process in one period. */
export interface Row extends Figures {
  readonly name: string
  /** The mean over the period, in MiB; `undefined` where the system does not tell. */
  readonly rssMiB: number | undefined
  /** The most at a time. */
  readonly descriptors: number | undefined
}

/** All processes in one period. */
export interface Minute {
  /** When it ended, in seconds since everything ran. */
  readonly seconds: number
  readonly rows: readonly Row[]
}

/** Samples what each process of a stage holds once a second, and sums it up period by period. */
export class Minutes {
  readonly #stage: Stage
  readonly #startedMs = performance.now()
  readonly #samples = new Map<Member, Holding[]>()
  readonly #timer: NodeJS.Timeout

  constructor(stage: Stage) {
    this.#stage = stage
    this.#timer = setInterval(() => this.#sample(), 1000)
  }

  /** Seconds since everything ran. */
  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1000
  }

  /** The period that ends now; begins the next one. */
  read(): Minute {
    const rows = this.#stage.members.map((member) => {
      const samples = this.#samples.get(member) ?? []
      const rss = samples.map(({ rssMiB }) => rssMiB)
      const measured = samples.length > 0
      return {
        name: member.process.name,
        ...member.accounts.read(),
        rssMiB: measured ? rss.reduce((sum, value) => sum + value, 0) / rss.length : undefined,
        descriptors: measured ? Math.max(...samples.map(({ descriptors }) => descriptors)) : undefined,
      }
    })
    this.#samples.clear()
    return { seconds: this.seconds, rows }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #sample(): void {
    for (const member of this.#stage.members) {
      const holding = readHolding(member.process.pid)
      if (!holding) continue
      const samples = this.#samples.get(member)
      if (samples) samples.push(holding)
      else this.#samples.set(member, [holding])
    }
  }
}
