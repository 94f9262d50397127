import { parseDuration } from '@zcast/shared/internal'
import { parseTime } from './parse-time.ts'

/**
 * Reads a moment of the past: how long ago it was (`10m`), or a time as {@link parseTime} takes it.
 *
 * @param name - The option, for the error.
 * @throws {@link OptionError} `ERR_OPTION` for anything else.
 */
export function parseMoment(text: string, name: string): Date {
  return parseTime(text, name) ?? new Date(Date.now() - parseDuration(text, name))
}
