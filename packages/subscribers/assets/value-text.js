/** Numbers as text, with the digits that tell them apart. */

/** All that a double is sure to hold. */
const DIGITS = 15
/** Of a value that does not change so many digits say enough. */
const STILL_DIGITS = 12
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
  const [digits, exponent] = Math.abs(value).toExponential().split('e')
  return Number(exponent) - Math.max(digits.length - 2, 0)
}

/** The newest value of one line. */
export class ValueText {
  #place = Number.POSITIVE_INFINITY
  #tellings = 0

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
    this.#settle(Math.max(finest, lastPlaceOf(value)))
    if (magnitude >= DIGITS || magnitude < -4) {
      return value.toExponential(Math.min(Math.max(magnitude - this.#place, 0), DIGITS))
    }
    return value.toFixed(Math.max(-this.#place, 0))
  }

  /** @param {number} place */
  #settle(place) {
    this.#tellings = place > this.#place ? this.#tellings + 1 : 0
    if (place < this.#place || this.#tellings > KEPT_TELLINGS) {
      this.#place = place
      this.#tellings = 0
    }
  }
}
