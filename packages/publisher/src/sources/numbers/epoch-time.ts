/** The least numbers that are taken for seconds, milliseconds, microseconds and nanoseconds since 1970: those of 1990. */
const UNITS = [
  [6e17, 1e-9],
  [6e14, 1e-6],
  [6e11, 1e-3],
  [6e8, 1],
] as const

/** The last such second: in the year 2128. */
const LATEST = 5e9

/**
 * Reads a number as seconds since the Unix epoch, in whatever unit it is.
 *
 * @returns `undefined` for one that is of no time from 1990 to 2128.
 */
export function fromEpoch(value: number): number | undefined {
  const scale = UNITS.find(([least]) => value >= least)?.[1]
  if (scale === undefined) return undefined
  // Division by a power of ten is exact where multiplication by its inverse is not.
  const seconds = value / Math.round(1 / scale)
  return seconds <= LATEST ? seconds : undefined
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  ms: 1e-3,
  msec: 1e-3,
  millis: 1e-3,
  milliseconds: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  micros: 1e-6,
  microseconds: 1e-6,
  ns: 1e-9,
  nanoseconds: 1e-9,
  min: 60,
  minutes: 60,
  h: 3600,
  hours: 3600,
}

/** How many seconds a unit of time has, `undefined` for any other unit. */
export function secondsOf(unit: string): number | undefined {
  return Object.hasOwn(UNIT_SECONDS, unit.toLowerCase()) ? UNIT_SECONDS[unit.toLowerCase()] : undefined
}
