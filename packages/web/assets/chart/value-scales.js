/** Which scale each line of a chart is drawn on. */

import { rangeOf } from './value-ticks.js'

/** `one` for all; `two` where magnitudes or units differ; or one for `each` line. @typedef {'auto' | 'one' | 'each'} Fit */

/** One of its values: from the least to the greatest. @typedef {readonly [number, number]} Extremes */

/**
 * @typedef {object} Scales
 * @property {(readonly [number, number])[]} ranges From where to where each line is drawn.
 * @property {number[]} groups Which of the axes each line belongs to; where each has its own, the line itself.
 */

/** Beside a line that reaches so many times further, another is flat. */
const FAR_APART = 5

/**
 * @param {readonly Extremes[]} extremes Of each line; the least greater than the greatest where it has none.
 * @param {readonly string[]} units Of each line; empty where there is none.
 * @param {readonly number[]} shown The lines that are shown.
 * @param {Fit} fit
 * @returns {Scales}
 */
export function scalesOf(extremes, units, shown, fit) {
  if (fit === 'each') {
    return {
      ranges: extremes.map(([low, high]) => rangeOf(low, high)),
      groups: extremes.map((_, line) => line),
    }
  }
  const groups = fit === 'one' ? extremes.map(() => 0) : groupLines(extremes, units, shown)
  const byGroup = [0, 1].map((group) => {
    const members = shown.filter((line) => groups[line] === group).map((line) => extremes[line])
    return rangeOf(Math.min(...members.map(([low]) => low)), Math.max(...members.map(([, high]) => high)))
  })
  return { ranges: groups.map((group) => byGroup[group]), groups }
}

/**
 * Two groups at the most: by unit where there are two of them, else where reaches are furthest apart.
 *
 * @param {readonly Extremes[]} extremes
 * @param {readonly string[]} units
 * @param {readonly number[]} shown
 */
function groupLines(extremes, units, shown) {
  const known = shown.filter((line) => extremes[line][0] <= extremes[line][1])
  const kinds = [...new Set(known.map((line) => units[line] ?? ''))]
  if (kinds.length === 2) return extremes.map((_, line) => Math.max(kinds.indexOf(units[line] ?? ''), 0))
  const sizes = extremes.map(([low, high]) => Math.max(Math.abs(low), Math.abs(high)))
  // What is nothing has no magnitude, and goes along with anything.
  const sorted = known.filter((line) => sizes[line] > 0).sort((one, other) => sizes[one] - sizes[other])
  let [split, widest] = [Number.POSITIVE_INFINITY, FAR_APART]
  for (let at = 1; at < sorted.length; at++) {
    const apart = sizes[sorted[at]] / sizes[sorted[at - 1]]
    if (apart > widest) [split, widest] = [sizes[sorted[at]], apart]
  }
  const first = known.length > 0 && sizes[known[0]] >= split ? 1 : 0
  // The first line has the axis at the left.
  return sizes.map((size) => (size >= split ? 1 : 0) ^ first)
}
