import type { ReaderCredit, ReaderKind, ReaderReport } from './reader-credit.ts'

/** The totals of all readers of a kind, including those that have gone. */
export interface ReaderTotals {
  readonly sent: number
  readonly withheld: number
}

/** The accounts of the connected readers, and the sums of those that have gone. */
export class ReaderAccounts {
  readonly #credits = new Set<ReaderCredit>()
  readonly #gone = { websocket: { sent: 0, withheld: 0 }, mjpeg: { sent: 0, withheld: 0 } }

  /** Adds a reader. @returns A function to call once when it ends. */
  add(credit: ReaderCredit): () => void {
    this.#credits.add(credit)
    return () => {
      const { kind, sent, withheld } = credit.report()
      this.#credits.delete(credit)
      this.#gone[kind].sent += sent
      this.#gone[kind].withheld += withheld
    }
  }

  /** The status of each connected reader. */
  reports(): readonly ReaderReport[] {
    return [...this.#credits].map((credit) => credit.report())
  }

  /** The number of connected readers of a kind. */
  count(kind: ReaderKind): number {
    return this.#of(kind).length
  }

  /** The totals of a kind since the start. */
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
