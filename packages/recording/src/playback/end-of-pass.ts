/** Of a loop, what follows on its last value comes this much later: as long as sound lasts. */
const LAST_S = 0.02
/** A loop of a single value must not spin. */
const LEAST_PASS_S = 0.1

/** When a pass through what is played is over: seconds since the Unix epoch. */
export function endOfPass(from: number, to: number, isLoop: boolean): number {
  return isLoop ? Math.max(to + LAST_S, from + LEAST_PASS_S) : to
}
