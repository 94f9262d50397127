import type { LogLevel } from '@zcast/shared'
import { escapeControls } from '@zcast/shared/internal'

/** The longest line in the log, in bytes including its newline; a longer one is cut and ends in an ellipsis. */
export const MAX_LINE_BYTES = 16_384

/** One event, as read from the log. */
export interface LogLine {
  /** The process that wrote it. */
  readonly pid: number
  readonly time: Date
  readonly level: LogLevel
  /** The process's role: `publisher`, `client 1`. */
  readonly role: string
  /** The message; control characters are still escaped. */
  readonly message: string
}

const ELLIPSIS = '…'
const LINE =
  /^(?<pid>\d{1,10}) - (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d) - (?<level>ERROR|WARNING) - (?<role>.*?): (?<message>.*)$/

/** Formats an event as a line of the log, without its newline. */
export function formatLogLine({ pid, time, level, role, message }: LogLine): string {
  // Escaping may lengthen the text but never shortens it: cutting first bounds the work for a message of any length.
  const safe = `${escapeControls(role)}: ${escapeControls(message.slice(0, MAX_LINE_BYTES))}`
  return `${pid} - ${localTime(time)} - ${level.toUpperCase()} - ${safe}`
}

/** Parses a line of the log; `undefined` when it is not an event. */
export function parseLogLine(text: string): LogLine | undefined {
  const groups = LINE.exec(text)?.groups
  if (!groups) return undefined
  const { pid = '', time = '', level, role = '', message = '' } = groups
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return undefined
  return { pid: Number(pid), time: date, level: level === 'ERROR' ? 'error' : 'warning', role, message }
}

/** The bytes of a line with its newline, cut to {@link MAX_LINE_BYTES} at a character boundary. */
export function encodeLine(line: string): Buffer {
  const bytes = Buffer.from(`${line}\n`)
  if (bytes.length <= MAX_LINE_BYTES) return bytes
  const end = `${ELLIPSIS}\n`
  let length = MAX_LINE_BYTES - Buffer.byteLength(end)
  while (isContinuation(bytes[length])) length--
  return Buffer.concat([bytes.subarray(0, length), Buffer.from(end)])
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >> 6 === 0b10
}

function localTime(time: Date): string {
  const offset = -time.getTimezoneOffset()
  const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, -1)
  const minutes = Math.abs(offset)
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
