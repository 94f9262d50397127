import { BREAK_SPACINGS, median } from './number-slices.js'

/**
 * What is drawn of a stream of arrays. A value that is `undefined` is passed over, so that the line goes on from the
 * one before to the one after; `null` is a gap.
 *
 * @typedef {(number | null | undefined)[]} Values
 *
 * @typedef {object} Points
 * @property {number[]} times
 * @property {Values[]} lines
 * @property {Values[]} least
 * @property {Values[]} greatest
 */

const SLICE_SECONDS = 0.1
/** Slices are not exact to less than this. */
const MIN_GAP_SECONDS = 3.5 * SLICE_SECONDS

/** Nothing to draw. @param {number} lines @returns {Points} */
export function noPoints(lines) {
  const make = () => Array.from({ length: lines }, () => /** @type {Values} */ ([]))
  return { times: [], lines: make(), least: make(), greatest: make() }
}

/**
 * The points of the last seconds, thinned out evenly: however much there is, no more than the given number. Where
 * several slices make one point, it has the least and the greatest of them, and the line goes through the mean of
 * their newest values.
 *
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} seconds
 * @param {number} most
 * @param {number} nowMs When to look at it, as `performance.now()` tells the time.
 * @returns {Points & { start: number, end: number }}
 */
export function thin(slices, seconds, most, nowMs) {
  const { from, breakSeconds, end } = slices.look(seconds, nowMs)
  const points = noPoints(slices.positions.length)
  // Steps of the clock, not of the window: a point keeps its slices while it moves, so nothing flickers.
  const step = Math.ceil(seconds / most / SLICE_SECONDS) * SLICE_SECONDS
  let begun = from
  for (let ordinal = from + 1; ordinal <= slices.end; ordinal++) {
    const before = slices.timeOf(ordinal - 1)
    const time = ordinal < slices.end ? slices.timeOf(ordinal) : Number.POSITIVE_INFINITY
    const isBreak = ordinal < slices.end && time - before > breakSeconds
    if (!isBreak && Math.floor(time / step) === Math.floor(before / step)) continue
    addPoint(points, slices, begun, ordinal)
    if (isBreak) addBreak(points, (before + time) / 2)
    begun = ordinal
  }
  for (const line of points.lines.keys()) if (points.lines[line].includes(undefined)) breakLine(points, line)
  return { ...points, start: end - seconds, end }
}

const point = new Float64Array(4)

/**
 * @param {Points} points
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} from
 * @param {number} end
 */
function addPoint({ times, lines, least, greatest }, slices, from, end) {
  times.push(slices.timeOf(end - 1))
  for (let line = 0; line < lines.length; line++) {
    slices.sumUp(from, end, line, point)
    const [lowest, highest, mean, known] = point
    // Of the greatest numbers there are, even two are too many to be added up.
    lines[line].push(known === 0 ? undefined : Number.isFinite(mean) ? mean : highest)
    least[line].push(known === 0 ? undefined : lowest)
    greatest[line].push(known === 0 ? undefined : highest)
  }
}

/** @param {Points} points @param {number} time */
function addBreak(points, time) {
  points.times.push(time)
  for (const values of [...points.lines, ...points.least, ...points.greatest]) values.push(null)
}

/** Makes gaps of a line where it is unknown for longer than between most of its values. @param {Points} points @param {number} line */
function breakLine({ times, lines }, line) {
  const values = lines[line]
  const known = [...values.keys()].filter((at) => values[at] !== undefined && values[at] !== null)
  const spacings = known.slice(1).map((at, index) => times[at] - times[known[index]])
  const gap = Math.max(MIN_GAP_SECONDS, BREAK_SPACINGS * median(spacings))
  let before = -1
  for (const at of [...known, values.length]) {
    const isGap = before < 0 || at === values.length || times[at] - times[before] > gap
    if (isGap) values.fill(null, before + 1, at)
    before = at
  }
}
