import type { Writable } from 'node:stream'
import type { Log, Notice, NoticeBoard } from '@zcast/shared'

/** What a process tells the one that supervises it, over the IPC channel between them. */
export type ProcessReport =
  | { readonly type: 'ready'; readonly address?: string | undefined }
  | {
      readonly type: 'summary'
      readonly sent?: number
      readonly received?: number
      readonly lost: number | null
      readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null
    }

/** How a process ended, in figures. */
export type SummaryReport = Extract<ProcessReport, { type: 'summary' }>

/** What a running command has at hand. */
export interface CommandContext {
  /** Aborts when the command should end: a signal, `--for`, nobody reads its output. */
  readonly signal: AbortSignal
  /** Whether a person or the system asked for the end, rather than `--for` or the command itself. */
  interrupted(): boolean
  /** Asks for the end from inside. */
  readonly shutdown: () => void
  /**
   * Where everything that fails or is worth a warning goes: to the error log, and to {@link CommandContext.notices} for
   * people. Repeated events are counted. Nothing that is logged here needs to be said elsewhere.
   */
  readonly log: Log
  /** What was logged, as people are told of it: the first of each kind at once, its repeats twice a minute. */
  readonly notices: NoticeBoard
  /** Tells notices to somebody else instead of printing them on stderr, where that would be drawn over. */
  redirectNotices(listener: (notice: Notice) => void): void
  /** Standard output. */
  readonly output: Writable
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Says on stderr what happens, with the role before it; nothing with `--quiet`. */
  status(text: string): void
  /** Says the last words on stderr, also with `--quiet`. */
  summary(text: string): void
  /** Says that the command does its work now: starts the time of `--for`, and tells the supervisor. */
  ready(address?: string): void
  /** Tells the supervising process, if there is one. */
  readonly report: (report: ProcessReport) => void
}
