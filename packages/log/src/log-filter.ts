import type { LogLevel } from '@zcast/shared'
import { escapeControls } from '@zcast/shared/internal'
import { parseLogLine } from './log-line.ts'

/** The lines of the log to show; without any option, all of them. */
export interface LogFilter {
  /** `'error'`: errors only. `'warning'`: both. */
  readonly level?: LogLevel | undefined
  /** A whole role, `client 1`, or its first word for all roles of that kind, `client`. */
  readonly role?: string | undefined
  /** Leaves out lines logged before this time. */
  readonly since?: Date | undefined
}

/**
 * Makes a function that returns a line as it may be shown, or `undefined` when the filter leaves it out. A line that is
 * not an event (a partial one, after a full disk) is shown only without a filter.
 */
export function createLogFilter({ level, role, since }: LogFilter): (text: string) => string | undefined {
  const isFiltering = level === 'error' || role !== undefined || since !== undefined
  return (text) => {
    if (text === '') return undefined
    // Anybody may have written to the file, and the line is shown on a terminal.
    const shown = escapeControls(text)
    if (!isFiltering) return shown
    const line = parseLogLine(text)
    if (!line) return undefined
    if (level === 'error' && line.level !== 'error') return undefined
    if (role !== undefined && line.role !== role && line.role.split(' ', 1)[0] !== role) return undefined
    if (since !== undefined && line.time < since) return undefined
    return shown
  }
}
