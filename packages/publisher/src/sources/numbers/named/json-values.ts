import { fromEpoch } from '../epoch-time.ts'
import { readSpecial } from '../missing-value.ts'
import { parsePlainNumber } from '../parse-number.ts'
import { readTimeCell, toSeconds } from '../time-cell.ts'
import { isTimeName } from '../time-name.ts'
import type { NamedFormat, NamedValues } from './named-values.ts'

const MAX_DEPTH = 4

/** `{"temp": 21.5, "wind": {"speed": 3}}`: numbers at any depth, named `temp` and `wind.speed`. */
export const JSON_OBJECTS: NamedFormat = { title: 'JSON objects', read: readObjects }

function readObjects(text: string): readonly NamedValues[] | string | undefined {
  if (!/^\{|^\[\s*\{/.test(text)) return undefined
  const parsed = parseLoosely(text)
  if (parsed === undefined) return 'it begins as JSON does and is not JSON'
  const rows: NamedValues[] = []
  for (const item of Array.isArray(parsed) ? parsed : [parsed]) {
    const row = readObject(item)
    if (typeof row === 'string') return row
    rows.push(row)
  }
  return rows
}

/** The numbers of one object. @returns What is wrong, in a clause. */
export function readObject(object: unknown, prefix = ''): NamedValues | string {
  if (typeof object !== 'object' || object === null) return 'its array holds something else than objects'
  const found = { names: [] as string[], values: [] as number[], time: undefined as number | undefined }
  const wrong = collect(object, prefix, 1, found)
  if (wrong !== undefined) return wrong
  return found.names.length === 0 ? 'it holds no numbers' : found
}

function collect(
  object: object,
  prefix: string,
  depth: number,
  found: { names: string[]; values: number[]; time: number | undefined },
): string | undefined {
  if (depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`
  for (const [key, item] of Object.entries(object) as [string, unknown][]) {
    const time = found.time === undefined && isTimeName(key) ? readTime(item) : undefined
    if (time !== undefined) {
      found.time = time
      continue
    }
    if (typeof item === 'object' && item !== null) {
      const wrong = collect(item, `${prefix}${key}.`, depth + 1, found)
      if (wrong !== undefined) return wrong
      continue
    }
    const value = readValue(item)
    if (value === undefined) continue
    if (item !== null && typeof item !== 'string' && !Number.isFinite(value))
      return 'a number in it is too large'
    found.names.push(prefix + key)
    found.values.push(value)
  }
  return undefined
}

/** Texts are no values, unless they hold a number. */
function readValue(item: unknown): number | undefined {
  if (typeof item === 'number') return item
  if (typeof item === 'boolean') return item ? 1 : 0
  if (item === null) return Number.NaN
  if (typeof item !== 'string' || item === '') return undefined
  const value = parsePlainNumber(item)
  return Number.isFinite(value) ? value : /^[+-]?(nan|inf)/i.test(item) ? readSpecial(item) : undefined
}

function readTime(item: unknown): number | undefined {
  if (typeof item === 'number') return fromEpoch(item)
  if (typeof item !== 'string') return undefined
  const cell = readTimeCell(item)
  return typeof cell === 'object' && cell.day !== undefined
    ? toSeconds(cell)
    : fromEpoch(parsePlainNumber(item))
}

/** Reads JSON in which `NaN` and `Infinity` may stand, as Python writes them; they become texts. */
export function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  try {
    return JSON.parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
        part.startsWith('"') ? part : `"${part}"`,
      ),
    )
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
