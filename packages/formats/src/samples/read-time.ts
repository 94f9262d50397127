import type { Fields } from '../own-keys.ts'

/** Keys under which programs write the time of a sample. */
export const TIME_KEYS: readonly string[] = ['timestamp', 'time']

/** Seconds since the Unix epoch of 2001 and 2096: what lies between is taken for a time. */
const LEAST_SECONDS = 1e9
const MOST_SECONDS = 4e9

/** The time of a sample in seconds since the Unix epoch; `undefined` when it states none that is one beyond doubt. */
export function readTime(fields: Fields): number | undefined {
  for (const key of TIME_KEYS) {
    const value = fields[key]
    if (typeof value !== 'number') continue
    for (const perSecond of [1, 1e3, 1e6, 1e9]) {
      const seconds = value / perSecond
      if (seconds >= LEAST_SECONDS && seconds < MOST_SECONDS) return seconds
    }
  }
  return undefined
}
