/**
 * Nanoseconds since the Unix epoch at which something is recorded. A clock that is set meanwhile must not make a file's
 * times jump, so that it is read once, at the start of the process.
 */
export function recordingTime(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n
}

/** Nanoseconds of seconds since the Unix epoch; 0 for times before it. */
export function toNanoseconds(time: number): bigint {
  const seconds = Math.floor(Math.max(time, 0))
  return BigInt(seconds) * 1_000_000_000n + BigInt(Math.round((Math.max(time, 0) - seconds) * 1e9))
}
