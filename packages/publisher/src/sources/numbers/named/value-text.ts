import { excerpt } from '../line-excerpt.ts'
import { readSpecial } from '../missing-value.ts'
import { parseNumber, parsePlainNumber, type DecimalSign } from '../parse-number.ts'

/** A number and what stands behind it: `21.5`, `21.5 °C`, `1013hPa`, `40%`. */
const NUMBER_AND_UNIT = /^([+-]?(?=[.,]*\d)[\d.,]+(?:[eE][+-]?\d+)?)\s*([%‰°*a-zA-ZµμΩ][^\d:=,;|]{0,15}\d?)?$/

/** A value and its unit, where there is one. */
export interface ValueText {
  readonly value: number
  readonly unit?: string | undefined
}

/**
 * Reads a value as devices print it, with its unit.
 *
 * @param decimal - The sign before decimals. Default: a point, or a comma where that is the only way to read it.
 * @returns What is wrong, in a clause, when it can be read in two ways; `undefined` when it is no number.
 */
export function readValueText(text: string, decimal?: DecimalSign): ValueText | string | undefined {
  const special =
    readSpecial(text) ?? readSpecial(text.replace(/^([+-]?(?:nan|inf))\s+[%‰°*a-zA-Zµμ].{0,15}$/i, '$1'))
  if (special !== undefined) return { value: special }
  const [, number = '', unit] = NUMBER_AND_UNIT.exec(text) ?? []
  // `0x1F` is no zero of a unit called x1F.
  if (number === '' || (unit !== undefined && /^[xXbB]\d?$|^[xXbB][0-9a-fA-F]/.test(unit))) return undefined
  const value = decimal === undefined ? parsePlainNumber(number) : parseNumber(number, decimal)
  if (!Number.isNaN(value) || decimal !== undefined) return finite(value, unit)
  const [withPoint, withComma] = [parseNumber(number, 'point'), parseNumber(number, 'comma')]
  if (!Number.isNaN(withPoint) && !Number.isNaN(withComma))
    return `the comma in ${excerpt(number)} may be a decimal sign or group thousands`
  return finite(Number.isNaN(withPoint) ? withComma : withPoint, unit)
}

function finite(value: number, unit: string | undefined): ValueText | string | undefined {
  if (Number.isNaN(value)) return undefined
  return Number.isFinite(value) ? { value, unit } : 'a number in it is too large'
}
