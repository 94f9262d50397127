import type { Writable } from 'node:stream'
import type { Log, Notice, NoticeBoard } from '@zcast/shared'

/** The messages from a process to its supervisor, over the IPC channel between them. */
export type ProcessReport =
  | { readonly type: 'ready'; readonly address?: string | undefined }
  | {
      readonly type: 'summary'
      readonly sent?: number
      readonly received?: number
      readonly lost: number | null
      readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null
    }

/** The figures of a process at its end. */
export type SummaryReport = Extract<ProcessReport, { type: 'summary' }>

/** The surroundings of a running command. */
export interface CommandContext {
  /** Aborts when the command should end: on a signal, after `--for`, or when nobody reads its output. */
  readonly signal: AbortSignal
  /** True when a person or the system requested the end, and not `--for` or the command itself. */
  interrupted(): boolean
  /** Requests the end from inside. */
  readonly shutdown: () => void
  /**
   * Receives everything that fails or deserves a warning: it goes to the error log, and to
   * {@link CommandContext.notices} for people. Repeated events are counted. Anything logged here need not be reported
   * elsewhere.
   */
  readonly log: Log
  /** The logged events, as they are shown to people: the first of each kind at once, its repeats twice a minute. */
  readonly notices: NoticeBoard
  /** Passes notices to a listener instead of printing them on stderr, where they would be overwritten. */
  redirectNotices(listener: (notice: Notice) => void): void
  /** Standard output. */
  readonly output: Writable
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Prints a status message on stderr, with the role before it; nothing with `--quiet`. */
  status(text: string): void
  /** Prints the last line on stderr, even with `--quiet`. */
  summary(text: string): void
  /** Reports that the command is at work now: starts the time of `--for`, and notifies the supervisor. */
  ready(address?: string): void
  /** Sends a report to the supervising process, if there is one. */
  readonly report: (report: ProcessReport) => void
}
