/** Numbers written by a person or a device have at most this many digits, and are shown as they are. */
const WRITTEN_DIGITS = 13

const LEAST_DECIMALS = 3

/** The number of digits for results of a computation that are below 0.1. */
const SMALL_DIGITS = 7

const POWERS = Array.from({ length: WRITTEN_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/**
 * Formats the numbers of one position for people: with three decimals, so that they are aligned, and with more where
 * necessary. Numbers with few digits are shown as they are: `0.0004`, `52.520008`, `1.5e-7`. Numbers with many digits,
 * such as random numbers and results of computations, get as many as were needed so far to tell one from the previous
 * one.
 */
export class NumberColumn {
  #decimals = LEAST_DECIMALS
  #previous = Number.NaN

  /** Formats the position's next value. */
  format(value: number): string {
    const difference = Math.abs(value - this.#previous)
    this.#previous = value
    if (difference > 0) {
      while (this.#decimals < WRITTEN_DIGITS && difference * (POWERS[this.#decimals] as number) < 1)
        this.#decimals += 1
    }
    const magnitude = Math.abs(value)
    const text = String(magnitude >= 0.1 && magnitude < 1e6 ? this.#round(value, magnitude) : value)
    if (!Number.isFinite(value)) return text
    const isWritten = text.length <= WRITTEN_DIGITS + 2
    if (text.includes('e')) return isWritten ? text : roundExponent(value)
    const point = text.indexOf('.')
    if (point === -1) return isWritten ? `${text}.000` : text
    if (isWritten) return text.padEnd(point + 1 + LEAST_DECIMALS, '0')
    if (magnitude >= 1)
      return value.toFixed(Math.min(this.#decimals, Math.max(LEAST_DECIMALS, WRITTEN_DIGITS + 1 - point)))
    return this.#decimals > SMALL_DIGITS ? value.toFixed(this.#decimals) : value.toPrecision(SMALL_DIGITS)
  }

  /** Arithmetic and the shortest text of the result are faster than `toFixed`. */
  #round(value: number, magnitude: number): number {
    let whole = 0
    while (magnitude >= (POWERS[whole] as number)) whole += 1
    const written = POWERS[WRITTEN_DIGITS - whole] as number
    if (Math.round(value * written) / written === value) return value
    const decimals = POWERS[Math.min(this.#decimals, WRITTEN_DIGITS - whole)] as number
    return Math.round(value * decimals) / decimals
  }
}

function roundExponent(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(SMALL_DIGITS - 1).split('e')
  return `${digits.replace(/\.?0+$/, '')}e${exponent}`
}
