/** A fraction; frame rates such as 30000/1001 have no exact decimal. */
export interface Rational {
  readonly numerator: number
  readonly denominator: number
}

/** The fraction as a number. */
export function toNumber({ numerator, denominator }: Rational): number {
  return numerator / denominator
}

/** A rate as a fraction, to three decimals. @param value - Above 0.0005. */
export function toRational(value: number): Rational {
  return reduce({ numerator: Math.round(value * 1000), denominator: 1000 })
}

/**
 * The frame rate that ffmpeg meant when it printed two decimals: 29.97 is 30000/1001, 12.50 is 25/2.
 *
 * @param text - Digits with at most three decimals, and `k` for thousands.
 */
export function parseFrameRate(text: string): Rational | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,4})?)(k?)$/.exec(text)
  if (!match) return undefined
  const value = Number(match[1]) * (match[2] === 'k' ? 1000 : 1)
  if (value <= 0) return undefined
  const ntsc = Math.round((value * 1001) / 1000)
  // Rates of the NTSC family are 0.1 % below a whole number; at two decimals no other rate in use looks like them.
  if (!Number.isInteger(value) && Math.abs((ntsc * 1000) / 1001 - value) < 0.0051 && ntsc % 6 === 0) {
    return { numerator: ntsc * 1000, denominator: 1001 }
  }
  return reduce({ numerator: Math.round(value * 10_000), denominator: 10_000 })
}

/** The same fraction, in lowest terms. */
export function reduce({ numerator, denominator }: Rational): Rational {
  let [a, b] = [numerator, denominator]
  while (b !== 0) [a, b] = [b, a % b]
  return { numerator: numerator / a, denominator: denominator / a }
}
