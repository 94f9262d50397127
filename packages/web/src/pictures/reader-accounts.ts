import type { ReaderCredit, ReaderKind, ReaderReport } from './reader-credit.ts'

/** What all readers of a kind got, also those that have gone. */
export interface ReaderTotals {
  readonly sent: number
  readonly withheld: number
}

/** The accounts of the readers that are there, and the sums of those that have gone. */
export class ReaderAccounts {
  readonly #credits = new Set<ReaderCredit>()
  readonly #gone = { websocket: { sent: 0, withheld: 0 }, mjpeg: { sent: 0, withheld: 0 } }

  /** Counts a reader in. @returns A function for its end, to be called once. */
  add(credit: ReaderCredit): () => void {
    this.#credits.add(credit)
    return () => {
      const { kind, sent, withheld } = credit.report()
      this.#credits.delete(credit)
      this.#gone[kind].sent += sent
      this.#gone[kind].withheld += withheld
    }
  }

  /** How each reader that is there is doing. */
  reports(): readonly ReaderReport[] {
    return [...this.#credits].map((credit) => credit.report())
  }

  /** How many of a kind are there. */
  count(kind: ReaderKind): number {
    return this.#of(kind).length
  }

  /** What all of a kind got since the start. */
  totals(kind: ReaderKind): ReaderTotals {
    let { sent, withheld } = this.#gone[kind]
    for (const report of this.#of(kind)) {
      sent += report.sent
      withheld += report.withheld
    }
    return { sent, withheld }
  }

  #of(kind: ReaderKind): readonly ReaderReport[] {
    return this.reports().filter((report) => report.kind === kind)
  }
}
