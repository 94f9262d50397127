const BARS = '▁▂▃▄▅▆▇█'

/** Draws figures as a line of bars; the greatest is a whole one, and nothing is a blank. */
export function sparkLine(figures: readonly number[]): string {
  const most = Math.max(...figures, 0)
  return figures
    .map((figure) => (figure <= 0 ? ' ' : BARS[Math.ceil((figure / most) * BARS.length) - 1]))
    .join('')
}
