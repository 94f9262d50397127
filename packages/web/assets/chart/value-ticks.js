import { magnitudeOf } from './value-text.js'

/** The scale of values of a chart, readable at any magnitude. */

/** What is beyond is drawn past the edge: the difference of the two ends must still be a number. */
const LIMIT = 5e307
/** What is this small is drawn as 0: there would be no room for steps. */
const LEAST = 1e-305
/** Of the values themselves: doubles that are closer could not be told apart by a few ticks. */
const LEAST_SPAN = 1e-14
const MARGIN = 0.05
/** A number that is longer is written with an exponent, where that is shorter. */
const MAX_PLAIN_LENGTH = 12
const SMALLEST_PLAIN = 1e-3
const ROUND_STEPS = [1, 2, 5]

/** A whole number of powers of ten, to the last digit. @param {number} units @param {number} place */
const timesTen = (units, place) => Number(`${units}e${place}`)

/** The round step that is no less: 1, 2 or 5 times a power of ten. @param {number} least */
function stepOf(least) {
  const below = magnitudeOf(least)
  const round = ROUND_STEPS.find((digit) => timesTen(digit, below) >= least)
  const [digit, place] = round === undefined ? [1, below + 1] : [round, below]
  return { digit, place, size: timesTen(digit, place) }
}

/**
 * Where a scale of these values begins and ends.
 *
 * @param {number} least
 * @param {number} greatest Less than the least where there is nothing.
 * @returns {[number, number]}
 */
export function rangeOf(least, greatest) {
  if (least > greatest) return [0, 1]
  const low = Math.min(Math.max(least, -LIMIT), LIMIT)
  const high = Math.min(Math.max(greatest, -LIMIT), LIMIT)
  const most = Math.max(Math.abs(low), Math.abs(high))
  if (most < LEAST) return [-1, 1]
  const span = high - low
  if (span <= most * LEAST_SPAN) return [low - most / 10, high + most / 10]
  // It moves in steps: a scale that follows each value could not be read.
  const { digit, place, size } = stepOf(span / 20)
  const start = timesTen(Math.floor((low - span * MARGIN) / size) * digit, place)
  const end = timesTen(Math.ceil((high + span * MARGIN) / size) * digit, place)
  // Zero is a natural end where nothing is beyond.
  return [low >= 0 ? Math.max(start, 0) : start, high <= 0 ? Math.min(end, 0) : end]
}

/**
 * Ticks at round values, labelled all in the same way, and no two alike.
 *
 * @param {number} start
 * @param {number} end
 * @param {number} most How many there is room for.
 * @returns {{ value: number, label: string }[]}
 */
export function ticksOf(start, end, most) {
  const { digit, place, size } = stepOf((end - start) / Math.max(most, 1))
  const ticks = []
  for (let step = Math.ceil(start / size); step <= Math.floor(end / size); step++) ticks.push(step * digit)
  const greatest = Math.max(...ticks.map(Math.abs))
  const isPlain = timesTen(greatest, place) >= SMALLEST_PLAIN || greatest === 0
  const [plain, short] = [writePlain(greatest, place), writeShort(greatest, place, greatest)]
  const write = isPlain && plain.length <= Math.max(MAX_PLAIN_LENGTH, short.length) ? writePlain : writeShort
  return ticks.map((units) => ({ value: timesTen(units, place), label: write(units, place, greatest) }))
}

/** 12,345,678.50 @param {number} units @param {number} place The power of ten that they count. */
function writePlain(units, place) {
  if (units === 0 && place > 0) return '0'
  const decimals = Math.max(-place, 0)
  const digits = (String(Math.abs(units)) + '0'.repeat(Math.max(place, 0))).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${units < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`
}

/** 1.5e300, all with the exponent of the greatest. @param {number} units @param {number} place @param {number} greatest */
function writeShort(units, place, greatest) {
  if (units === 0) return '0'
  const decimals = String(greatest).length - 1
  return `${writePlain(units, -decimals)}e${place + decimals}`
}
