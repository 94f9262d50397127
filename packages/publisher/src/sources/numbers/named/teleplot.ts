import { fromEpoch } from '../epoch-time.ts'
import { excerpt } from '../line-excerpt.ts'
import { readSpecial } from '../missing-value.ts'
import { parsePlainNumber } from '../parse-number.ts'
import type { NamedFormat, NamedValues } from './named-values.ts'

const LINE = /^(>)?([^:|;§=]+):([^|§]*)(?:§([^|]*))?(?:\|([^:]*))?$/s

/** `>temp:21.5`, `>temp:1627551892437:21.5§°C|g`, and several points as `t1:v1;t2:v2`: the form of Teleplot. */
export const TELEPLOT: NamedFormat = { title: 'lines of Teleplot', read: readTeleplot }

function readTeleplot(text: string): readonly NamedValues[] | string | undefined {
  if (/^>?3D\|/.test(text)) return 'it is a shape of Teleplot, not a number'
  const match = LINE.exec(text)
  if (!match) return text.startsWith('>') ? 'it is no line of Teleplot: write >name:value' : undefined
  const [, mark, label = '', data = '', unit, flags] = match
  const name = label.trim()
  if (!/\p{L}/u.test(name)) return undefined
  // Everything else is a pair of a label and a value.
  if (mark === undefined && unit === undefined && flags === undefined && !data.includes(':')) return undefined
  const kind = flags ?? ''
  if (mark === undefined && !/^[a-z0-9,]*$/i.test(kind)) return undefined
  if (kind.split(',').includes('t')) return 'it is a text of Teleplot, not a number'
  const points = data.split(';').filter((point) => point !== '')
  const rows: NamedValues[] = []
  for (const point of points) {
    const row = kind.includes('xy') ? readPlace(name, point, unit) : readPoint(name, point, unit)
    if (row === undefined)
      return mark === undefined ? undefined : `${excerpt(point)} is not a value of Teleplot`
    rows.push(row)
  }
  return rows.length === 0 ? 'it has no value' : rows
}

function readPoint(name: string, point: string, unit: string | undefined): NamedValues | undefined {
  const cells = point.split(':')
  const value = readNumber(cells.at(-1))
  if (value === undefined || cells.length > 2) return undefined
  if (cells.length === 2 && Number.isNaN(parsePlainNumber(cells[0] as string))) return undefined
  return {
    names: [name],
    values: [value],
    units: [unit],
    ...readTime(cells.length === 2 ? cells[0] : undefined),
  }
}

/** A point of an XY plot: `x:y`, or `x:y:time`. */
function readPlace(name: string, point: string, unit: string | undefined): NamedValues | undefined {
  const [x, y, time, ...more] = point.split(':')
  const values = [readNumber(x), readNumber(y)]
  if (values.includes(undefined) || more.length > 0) return undefined
  return {
    names: [`${name}.x`, `${name}.y`],
    values: values as number[],
    units: [unit, unit],
    ...readTime(time),
  }
}

/** Milliseconds, since 1970 or since the device was started. */
function readTime(text: string | undefined): Pick<NamedValues, 'time' | 'isElapsed'> {
  const value = parsePlainNumber(text ?? '')
  if (Number.isNaN(value)) return {}
  const time = fromEpoch(value)
  return time === undefined ? { time: value / 1000, isElapsed: true } : { time }
}

function readNumber(text = ''): number | undefined {
  const value = parsePlainNumber(text.trim())
  return Number.isFinite(value) ? value : text.trim() === '' ? undefined : readSpecial(text.trim())
}
