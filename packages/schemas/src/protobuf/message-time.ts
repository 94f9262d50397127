/** A time as protobuf, Foxglove and MCAP have it. */
export interface MessageTime {
  /** Whole seconds since the Unix epoch. */
  readonly sec: number
  /** The rest, 0 to 999,999,999. */
  readonly nsec: number
}

const NANOSECONDS = 1_000_000_000
const MICROSECONDS = 1_000_000
/** More nanoseconds do not fit into 64 bits. */
const MAX_SECONDS = 18_446_744_072

/**
 * Splits seconds since the Unix epoch, so that the same number of seconds comes back: into microseconds where they say it
 * all, since a number of seconds is exact to a quarter of one these years. Times that cannot be written become the nearest
 * ones that can, and what is no number becomes 0.
 */
export function splitTime(seconds: number): MessageTime {
  const time = Math.min(Math.max(seconds || 0, 0), MAX_SECONDS)
  const sec = Math.floor(time)
  const microseconds = Math.round((time - sec) * MICROSECONDS)
  const isAll = sec + microseconds / MICROSECONDS === time
  const nsec = isAll ? microseconds * 1000 : Math.round((time - sec) * NANOSECONDS)
  return nsec === NANOSECONDS ? { sec: sec + 1, nsec: 0 } : { sec, nsec }
}

/** The whole time in nanoseconds. */
export function nanoseconds({ sec, nsec }: MessageTime): bigint {
  return BigInt(sec) * BigInt(NANOSECONDS) + BigInt(nsec)
}
