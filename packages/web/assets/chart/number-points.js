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
 * @property {Statistic[]} statistics Of each line.
 * @property {{ time: number, count: number }[]} losses Where arrays never came.
 *
 * @typedef {object} Statistic What is shown of a line; NaN where nothing is.
 * @property {number} least
 * @property {number} greatest
 * @property {number} mean Of the newest value of each slice.
 */

const SLICE_SECONDS = 0.1
/** What is at the end is shown too; times are no finer. */
const CLOCK_SECONDS = 1e-6
/** Slices are not exact to less than this. */
const MIN_GAP_SECONDS = 3.5 * SLICE_SECONDS
/** A line has a gap where more came that is no number than between most of its values. */
const GAP_NONES = 1.5

/** Nothing to draw. @param {number} lines @returns {Points} */
export function noPoints(lines) {
  const make = () => Array.from({ length: lines }, () => /** @type {Values} */ ([]))
  const statistics = Array.from({ length: lines }, () => noStatistic())
  return { times: [], lines: make(), least: make(), greatest: make(), statistics, losses: [] }
}

/** @returns {Statistic} */
function noStatistic() {
  return { least: Number.NaN, greatest: Number.NaN, mean: Number.NaN }
}

/**
 * The points between two times, thinned out evenly: however much there is, no more than the given number. Where
 * several slices make one point, it has the least and the greatest of them, and the line goes through the mean of
 * their newest values.
 *
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} start
 * @param {number} end
 * @param {number} most
 * @returns {Points}
 */
export function thin(slices, start, end, most) {
  const points = noPoints(slices.positions.length)
  // One more than is in sight at either side, so that the line comes in from the edge.
  const from = Math.max(slices.find(start) - 1, slices.start)
  const past = Math.min(slices.find(end) + 1, slices.end)
  const breakSeconds = slices.breakSeconds(past)
  // Steps of the clock, not of the window: a point keeps its slices while it moves, so nothing flickers.
  const step = Math.ceil((end - start) / most / SLICE_SECONDS) * SLICE_SECONDS
  /** How many slices of each point are no number, line by line. @type {Float64Array[]} */
  const nones = []
  let begun = from
  for (let ordinal = from + 1; ordinal <= past; ordinal++) {
    const before = slices.timeOf(ordinal - 1)
    const time = ordinal < past ? slices.timeOf(ordinal) : Number.POSITIVE_INFINITY
    const isBreak = ordinal < past && time - before > breakSeconds
    if (!isBreak && Math.floor(time / step) === Math.floor(before / step)) continue
    nones.push(addPoint(points, slices, begun, ordinal))
    addLosses(points, slices, begun, ordinal)
    if (isBreak) nones.push(addBreak(points, (before + time) / 2))
    begun = ordinal
  }
  for (const line of points.lines.keys())
    if (points.lines[line].includes(undefined)) breakLine(points, line, nones)
  const [first, last] = [slices.find(start), slices.find(end + CLOCK_SECONDS)]
  points.statistics = points.lines.map((_, line) => summarize(slices, line, first, last))
  return points
}

const point = new Float64Array(5)

/**
 * @param {Points} points
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} from
 * @param {number} end
 */
function addPoint({ times, lines, least, greatest }, slices, from, end) {
  const nones = new Float64Array(lines.length)
  times.push(slices.timeOf(end - 1))
  for (let line = 0; line < lines.length; line++) {
    slices.sumUp(from, end, line, point)
    const [lowest, highest, mean, known, none] = point
    // Of the greatest numbers there are, even two are too many to be added up.
    lines[line].push(known === 0 ? undefined : Number.isFinite(mean) ? mean : highest)
    least[line].push(known === 0 ? undefined : lowest)
    greatest[line].push(known === 0 ? undefined : highest)
    nones[line] = known === 0 ? none : 0
  }
  return nones
}

/**
 * @param {Points} points
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} from
 * @param {number} end
 */
function addLosses({ losses }, slices, from, end) {
  let count = 0
  for (let ordinal = from; ordinal < end; ordinal++) count += slices.missingBefore(ordinal)
  if (count > 0) losses.push({ time: slices.timeOf(from), count })
}

/** @param {Points} points @param {number} time */
function addBreak(points, time) {
  points.times.push(time)
  for (const values of [...points.lines, ...points.least, ...points.greatest]) values.push(null)
  return new Float64Array(points.lines.length)
}

/**
 * Makes gaps of a line where it is unknown for longer than between most of its values, or where what came is no number.
 *
 * @param {Points} points
 * @param {number} line
 * @param {readonly Float64Array[]} nones
 */
function breakLine({ times, lines }, line, nones) {
  const values = lines[line]
  const known = [...values.keys()].filter((at) => values[at] !== undefined && values[at] !== null)
  const spacings = known.slice(1).map((at, index) => times[at] - times[known[index]])
  const between = known.slice(1).map((at, index) => noneBetween(nones, line, known[index], at))
  const gap = Math.max(MIN_GAP_SECONDS, BREAK_SPACINGS * median(spacings))
  const noneGap = median(between) * GAP_NONES
  let before = -1
  for (const [index, at] of [...known, values.length].entries()) {
    const isEdge = before < 0 || at === values.length
    if (isEdge || times[at] - times[before] > gap || between[index - 1] > noneGap)
      values.fill(null, before + 1, at)
    before = at
  }
}

/** @param {readonly Float64Array[]} nones @param {number} line @param {number} from @param {number} end */
function noneBetween(nones, line, from, end) {
  let sum = 0
  for (let at = from + 1; at < end; at++) sum += nones[at][line]
  return sum
}

/**
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {number} line
 * @param {number} from
 * @param {number} end
 * @returns {Statistic}
 */
function summarize(slices, line, from, end) {
  slices.sumUp(from, end, line, point)
  const [least, greatest, mean, known] = point
  return known === 0 ? noStatistic() : { least, greatest, mean }
}
