import type { Peers } from './peers.ts'
import type { Outcome } from './samples.ts'

/** What every benchmark is given. */
export interface BenchmarkContext {
  /** Fewer and shorter runs: to see that it works, not to be quoted. */
  readonly quick: boolean
  /** Removed at the end. */
  readonly directory: string
  readonly peers: Peers
}

/** A figure in a table. */
export interface Column {
  /** Its name in the samples. */
  readonly figure: string
  readonly title: string
  readonly digits: number
}

/** A promise and what came of it. */
export interface Verdict {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly met: boolean
}

/** Outcomes that belong in one table. */
export interface Comparison {
  readonly title: string
  /** How it was measured. */
  readonly method: string
  readonly outcomes: readonly Outcome[]
  readonly columns: readonly Column[]
  readonly verdicts: readonly Verdict[]
  /** A drawing under the table, of characters. */
  readonly plot?: string
}

/** One benchmark: a word on the command line. */
export interface Benchmark {
  readonly name: string
  /** Run one after the other; each gives a table. */
  readonly parts: readonly ((context: BenchmarkContext) => Promise<Comparison>)[]
}
