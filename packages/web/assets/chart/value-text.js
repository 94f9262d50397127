/** Numbers as text, with the digits that tell them apart. */

/** All that a double is sure to hold. */
const DIGITS = 15
/** Of a value that does not change so many digits say enough. */
const STILL_DIGITS = 12
/** As many as there may be. */
const MAX_DECIMALS = 100
/** A change of this part of what the value went through is shown. */
const PARTS = 1000
/** Digits that are no longer needed stay for so many tellings: the text must not jump about. */
const KEPT_TELLINGS = 20

/** The power of ten of a number's first digit. @param {number} value */
export function magnitudeOf(value) {
  return value === 0 ? 0 : Number(Math.abs(value).toExponential().split('e')[1])
}

/** The power of ten of the last digit that a number is written with. @param {number} value */
function lastPlaceOf(value) {
  const [digits = '', exponent] = Math.abs(value).toExponential().split('e')
  return Number(exponent) - Math.max(digits.length - 2, 0)
}

/** The newest value of one line. */
export class ValueText {
  /** The length of the longest text with as many digits: room for it keeps what is beside it in its place. */
  length = 0
  #place = Number.POSITIVE_INFINITY
  #magnitude = 0
  #tellings = 0
  #wasStill = true

  /**
   * Says the value, in as many digits as show how it changes.
   *
   * @param {number} value
   * @param {number} least What it went through lately.
   * @param {number} greatest
   */
  tell(value, least, greatest) {
    if (Number.isNaN(value)) return '–'
    const magnitude = magnitudeOf(Math.max(Math.abs(value), Math.abs(least), Math.abs(greatest)))
    const span = greatest / PARTS - least / PARTS
    const still = !(span > 0)
    const finest = still ? magnitude - STILL_DIGITS + 1 : Math.max(magnitudeOf(span), magnitude - DIGITS + 1)
    // What is left of decimal fractions in doubles, as in 0.1 + 0.2, is no digit of the value.
    const places = [value, least, greatest].map((one) =>
      lastPlaceOf(Number(one.toPrecision(still ? STILL_DIGITS : DIGITS))),
    )
    this.#settle(Math.max(finest, Math.min(...places)), still)
    this.#magnitude = magnitude
    const text = this.write(value)
    this.length = Math.max(this.length, text.length)
    return text
  }

  /** Writes another value of the line with as many digits. @param {number} value */
  write(value) {
    if (Number.isNaN(value)) return '–'
    const magnitude = this.#magnitude
    const place = Math.max(this.#place, magnitude - DIGITS + 1)
    const isPlain = magnitude < DIGITS && magnitude > -5
    return isPlain
      ? value.toFixed(Math.min(Math.max(-place, 0), MAX_DECIMALS))
      : value.toExponential(Math.min(Math.max(magnitude - place, 0), DIGITS))
  }

  /** @param {number} place @param {boolean} still */
  #settle(place, still) {
    const begins = this.#wasStill && !still
    this.#wasStill = still
    this.#tellings = place > this.#place ? this.#tellings + 1 : 0
    if (place === this.#place || !(begins || place < this.#place || this.#tellings > KEPT_TELLINGS)) return
    this.#place = place
    this.#tellings = 0
    this.length = 0
  }
}
