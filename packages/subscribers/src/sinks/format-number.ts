/** Numbers that a person or a device writes have so many digits at the most, and are shown as they are. */
const WRITTEN_DIGITS = 13

/** Significant digits of the others, such as random numbers and results of a computation. */
const COMPUTED_DIGITS = 10

const LEAST_DECIMALS = 3

const POWERS = Array.from({ length: WRITTEN_DIGITS }, (_, exponent) => 10 ** exponent)

/**
 * Formats a number for people: with three decimals, as most then stand one below the other, and with as many more as it
 * takes to tell it from its neighbours: `41.000`, `0.0004`, `52.520008`, `1.5e-7`.
 */
export function formatNumber(value: number): string {
  const magnitude = Math.abs(value)
  const isUsual = magnitude >= 1 && magnitude < 1e6
  const text = String(isUsual ? roundUsual(value, magnitude) : value)
  if (!Number.isFinite(value)) return text
  const isWritten = text.length <= WRITTEN_DIGITS + 2
  if (text.includes('e')) return isWritten ? text : roundExponent(value)
  const point = text.indexOf('.')
  if (point === -1) return isWritten ? `${text}.000` : text
  if (isWritten) return text.padEnd(point + 1 + LEAST_DECIMALS, '0')
  return trimDecimals(magnitude < 1 ? value.toPrecision(COMPUTED_DIGITS) : value.toFixed(LEAST_DECIMALS))
}

/** Arithmetic and the shortest text of the outcome take less time than `toFixed` does. */
function roundUsual(value: number, magnitude: number): number {
  let whole = 1
  while (magnitude >= (POWERS[whole] as number)) whole += 1
  const written = POWERS[WRITTEN_DIGITS - whole] as number
  if (Math.round(value * written) / written === value) return value
  const computed = POWERS[COMPUTED_DIGITS - whole] as number
  return Math.round(value * computed) / computed
}

function roundExponent(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(COMPUTED_DIGITS - 1).split('e')
  return `${digits.replace(/\.?0+$/, '')}e${exponent}`
}

function trimDecimals(text: string): string {
  if (!text.endsWith('0')) return text
  const least = text.indexOf('.') + 1 + LEAST_DECIMALS
  let end = text.length
  while (end > least && text[end - 1] === '0') end -= 1
  return text.slice(0, end)
}
