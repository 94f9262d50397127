/** A time to wait as a part of a sentence: `7 s`, `4 minutes`, `2 hours`. Never less than it is. */
export function describeWait(seconds: number): string {
  const whole = Math.max(Math.ceil(seconds), 1)
  if (whole < 120) return `${whole} s`
  const minutes = Math.ceil(whole / 60)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.ceil(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`
}
