/** A time as Foxglove writes it. */
export interface MessageTime {
  /** Whole seconds since the Unix epoch. */
  readonly sec: number
  /** The rest, 0 to 999,999,999; whole microseconds. */
  readonly nsec: number
}

const NANOSECONDS = 1_000_000_000
const MICROSECONDS = 1_000_000
/** More nanoseconds do not fit into 64 bits. */
const MAX_SECONDS = 18_446_744_072

/**
 * Splits seconds since the Unix epoch; times that cannot be written become the nearest ones that can. A number of seconds
 * is exact to a quarter of a microsecond these years: further digits would be none.
 */
export function splitTime(seconds: number): MessageTime {
  const time = Math.min(Math.max(seconds, 0), MAX_SECONDS)
  const sec = Math.floor(time)
  const nsec = Math.round((time - sec) * MICROSECONDS) * (NANOSECONDS / MICROSECONDS)
  return nsec === NANOSECONDS ? { sec: sec + 1, nsec: 0 } : { sec, nsec }
}

/** The whole time in nanoseconds. */
export function nanoseconds({ sec, nsec }: MessageTime): bigint {
  return BigInt(sec) * BigInt(NANOSECONDS) + BigInt(nsec)
}
