/** A span of a recording: seconds since the Unix epoch. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** `██████··!···`: what has been played, what comes, and where something was lost. */
export function drawBar(
  position: number,
  { from, to }: Span,
  losses: readonly number[],
  width: number,
): string {
  const cell = (time: number): number =>
    to > from ? Math.min(Math.max(Math.floor(((time - from) / (to - from)) * width), 0), width - 1) : 0
  const marked = new Set(losses.filter((time) => time >= from && time <= to).map(cell))
  const played = position >= to ? width : cell(position)
  return Array.from({ length: width }, (_, at) => (marked.has(at) ? '!' : at < played ? '█' : '·')).join('')
}

/** `1:02:03.4`, `2:03.4`: minutes at least. */
export function formatPosition(seconds: number): string {
  const tenths = Math.round(Math.max(seconds, 0) * 10)
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60]
  const rest = `${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** `8x`, `0.25x`, `max`. */
export function formatSpeed(speed: number): string {
  return speed === Infinity ? 'max' : `${Number(speed.toPrecision(3))}x`
}
