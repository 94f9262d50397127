import { makeDrawing } from './elements.js'

/** How lines are told apart: by colour, and from the ninth on by dashes too. */

const COLOURS = ['#58b8ff', '#f2a65a', '#6fd3a4', '#e57fa6', '#b59cff', '#d9cf5f', '#62d0d8', '#f08a7a']
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]]

/** As many as can be told apart, and as the server sends at once. */
export const MAX_LINES = COLOURS.length * DASHES.length

/** The colour of a line. @param {number} line Counted from 0. */
export function colourOf(line) {
  return COLOURS[line % COLOURS.length]
}

/** Its dashes and the gaps between, in pixels; none for a line without gaps. @param {number} line Counted from 0. */
export function dashesOf(line) {
  return DASHES[Math.floor(line / COLOURS.length) % DASHES.length]
}

/** A short piece of a line, for a legend. @param {number} line Counted from 0. */
export function makeSwatch(line) {
  const swatch = makeDrawing('svg', { viewBox: '0 0 22 8', class: 'swatch', 'aria-hidden': 'true' })
  const stroke = { stroke: colourOf(line), 'stroke-dasharray': dashesOf(line).join(' ') || 'none' }
  swatch.append(makeDrawing('path', { d: 'M0 4h22', ...stroke }))
  return swatch
}
