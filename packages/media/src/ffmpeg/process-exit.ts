/** The result of a program that has ended. */
export interface ProcessExit {
  /** Exit status; `null` when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Its last lines on stderr, bounded; empty lines left out. */
  readonly lastLines: readonly string[]
}
