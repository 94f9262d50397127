import { parseDurationOrTime } from './parse-time.ts'

/**
 * Reads a moment of the past: how long ago it was (`10m`), or a time as {@link parseDurationOrTime} takes it.
 *
 * @param name - The option, for the error.
 * @throws {@link OptionError} `ERR_OPTION` for anything else.
 */
export function parseMoment(text: string, name: string): Date {
  const moment = parseDurationOrTime(text, name)
  return typeof moment === 'number' ? new Date(Date.now() - moment) : moment
}
