/**
 * What charts show around a moment of the past: what is zoomed in on while the moment is there, else as much as usual with
 * the moment in the middle, and no further than what is kept.
 *
 * @param {number} moment
 * @param {number} seconds How much is shown.
 * @param {{ from: number, to: number }} kept
 * @param {{ start: number, end: number }} [range] What is zoomed in on.
 */
export function windowAround(moment, seconds, { from, to }, range) {
  if (range && range.start <= moment && moment <= range.end) return range
  const length = range ? range.end - range.start : seconds
  if (to - from <= length && !range) return { start: from, end: Math.max(to, from + 1) }
  const start = Math.max(Math.min(moment - length / 2, to - length), from)
  return { start, end: start + length }
}
