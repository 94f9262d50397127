import type { Writable } from 'node:stream'
import type { Log } from '@zcast/shared'

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
  /** The error log. Repeated events are put together. */
  readonly log: Log
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
