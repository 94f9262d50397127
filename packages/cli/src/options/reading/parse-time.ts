import { OptionError } from '@zcast/shared'
import { parseDuration } from '@zcast/shared/internal'

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i

/**
 * Reads a day or a time of day, in this machine's time zone unless it names another: `2026-08-04` (its midnight),
 * `2026-08-04T17:00`, `2026-08-04 17:00:30`, `2026-08-04T17:00Z`.
 *
 * @param name - The option, for the error.
 * @returns `undefined` for a text that does not begin like a date.
 * @throws {@link OptionError} `ERR_OPTION` for a date that does not exist, such as 31 November.
 */
export function parseTime(text: string, name: string): Date | undefined {
  if (!/^\d{4}-/.test(text)) return undefined
  const match = TIME.exec(text)
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match ?? []
  // A day without a time would be parsed as UTC, and 31 November as 1 December.
  const local = new Date(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const isReal =
    match !== null &&
    local.getFullYear() === Number(year) &&
    local.getMonth() === Number(month) - 1 &&
    local.getDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  const time = isReal && match[7] !== undefined ? new Date(text.replace(' ', 'T')) : local
  if (isReal && !Number.isNaN(time.getTime())) return time
  throw wrongTime(text, name)
}

/**
 * Reads a duration such as `10m`, or a time as {@link parseTime} does.
 *
 * @returns Milliseconds, or the time.
 * @throws {@link OptionError} `ERR_OPTION` for anything else.
 */
export function parseDurationOrTime(text: string, name: string): number | Date {
  const time = parseTime(text, name)
  if (time) return time
  try {
    return parseDuration(text, name)
  } catch (error) {
    throw wrongTime(text, name, error)
  }
}

function wrongTime(text: string, name: string, cause?: unknown): OptionError {
  const wanted = 'a duration such as 10m or a time such as 2026-08-04T17:00'
  return new OptionError(`${name} must be ${wanted}, got "${text}"`, { cause })
}
