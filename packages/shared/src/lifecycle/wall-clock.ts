let offsetMs = performance.timeOrigin
// The clock may have been corrected since the process started: even the first reading is checked.
let checkedAtMs = Number.NEGATIVE_INFINITY

/**
 * The system's clock in seconds since the Unix epoch, with a resolution well below a millisecond.
 *
 * `performance.timeOrigin + performance.now()` is finer than `Date.now()` but never follows a correction of the system
 * clock. Here the difference is checked against `Date.now()` once a second, and adjusted just enough for the two to
 * agree within `Date.now()`'s own millisecond.
 */
export function wallClock(): number {
  const monotonicMs = performance.now()
  if (monotonicMs - checkedAtMs >= 1000) {
    checkAgainstSystem(monotonicMs)
  }
  return (offsetMs + monotonicMs) / 1000
}

function checkAgainstSystem(monotonicMs: number): void {
  const systemMs = Date.now()
  // A process that was suspended between the two readings would set its clock wrong by that time: try again at the next
  // call.
  if (performance.now() - monotonicMs > 0.5) return
  checkedAtMs = monotonicMs
  const aheadMs = offsetMs + monotonicMs - systemMs
  if (aheadMs < 0) offsetMs -= aheadMs
  else if (aheadMs > 1) offsetMs -= aheadMs - 1
}
