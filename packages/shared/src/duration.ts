import { OptionError } from './errors.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/

/** The longest duration that a timer can hold: 2^31 - 1 ms, about 24 days. */
export const MAX_DURATION_MS = 2_147_483_647

/**
 * Parses a duration: `250ms`, `1.5s`, `2m`, `1h` or `0`.
 *
 * @returns Milliseconds, 0 to {@link MAX_DURATION_MS}.
 * @throws {@link OptionError} `ERR_OPTION` when it is negative, has no unit or is too long.
 */
export function parseDuration(text: string, name: string): number {
  if (text === '0') return 0
  const match = DURATION.exec(text)
  const milliseconds = match ? Number(match[1]) * (UNITS[match[2] as string] as number) : Number.NaN
  if (milliseconds <= MAX_DURATION_MS) return milliseconds
  throw new OptionError(
    `${name} must be a duration such as 250ms, 1s, 2m, 1h or 0 (at most 24 days), got "${text}"`,
  )
}
