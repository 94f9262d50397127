/**
 * How a person wants to see a stream of numbers, as the address of the page says it, so that a link shows the same.
 *
 * @typedef {'lines' | 'values' | 'xy' | 'table'} Look
 * @typedef {import('./value-scales.js').Fit} Fit
 *
 * @typedef {object} StreamChoice
 * @property {Look} look
 * @property {Fit} fit
 * @property {readonly number[]} hidden Positions whose lines are hidden.
 * @property {readonly number[]} drawn Positions that are drawn rather than the first ones; none for those.
 * @property {readonly [number, number]} axes The positions of XY.
 */

/** @type {readonly Look[]} */
export const LOOKS = ['lines', 'values', 'xy', 'table']
/** @type {readonly Fit[]} */
export const FITS = ['auto', 'one', 'each']
const MOST_POSITIONS = 4096

/** @type {StreamChoice} */
export const USUAL = { look: 'lines', fit: 'auto', hidden: [], drawn: [], axes: [0, 1] }

/** Reads what the address says; what it does not say as it should is as usual. @param {string} text @returns {StreamChoice} */
export function readChoice(text) {
  const said = new Map(text.split(';').map((part) => /** @type {[string, string]} */ (part.split(':', 2))))
  const [x, y] = readPositions(said.get('xy') ?? '')
  return {
    look: LOOKS.find((look) => look === said.get('as')) ?? USUAL.look,
    fit: FITS.find((fit) => fit === said.get('fit')) ?? USUAL.fit,
    hidden: readPositions(said.get('hide') ?? ''),
    drawn: readPositions(said.get('draw') ?? ''),
    axes: x === undefined || y === undefined ? USUAL.axes : [x, y],
  }
}

/** Writes what is not as usual. @param {StreamChoice} choice @returns {string} Empty where all is as usual. */
export function writeChoice({ look, fit, hidden, drawn, axes }) {
  const parts = []
  if (look !== USUAL.look) parts.push(`as:${look}`)
  if (fit !== USUAL.fit) parts.push(`fit:${fit}`)
  if (hidden.length > 0) parts.push(`hide:${writePositions(hidden)}`)
  if (drawn.length > 0) parts.push(`draw:${writePositions(drawn)}`)
  if (axes.join() !== USUAL.axes.join()) parts.push(`xy:${axes.join('_')}`)
  return parts.join(';')
}

/** @param {string} text */
function readPositions(text) {
  const positions = []
  for (const part of text.split('_')) {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? []
    for (let at = Number(first); at <= Number(last) && positions.length < MOST_POSITIONS; at++)
      positions.push(at)
  }
  return positions
}

/** `0-3_7`. @param {readonly number[]} positions @param {string} [between] */
export function writePositions(positions, between = '_') {
  return runsOf(positions)
    .map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
    .join(between)
}

/** Positions that follow one another, together. @param {readonly number[]} positions */
function runsOf(positions) {
  /** @type {[number, number][]} */
  const runs = []
  for (const position of positions) {
    const run = runs.at(-1)
    if (run && run[1] === position - 1) run[1] = position
    else runs.push([position, position])
  }
  return runs
}
