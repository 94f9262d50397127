/** A time for people: `30 ms`, `4.7 s`. */
export function formatSpan(ms: number): string {
  if (Math.abs(ms) < 10) return `${ms.toFixed(1)} ms`
  return Math.abs(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
