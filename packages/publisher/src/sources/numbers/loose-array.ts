import { parseLoosely } from './named/json-values.ts'
import { readSpecial } from './missing-value.ts'

/** Reads a JSON array in which values may be missing: `[1, null, 3]`, `[NaN, 1]`. @returns `undefined` for any other line. */
export function readLooseArray(text: string): Float64Array | undefined {
  const parsed = parseLoosely(text)
  if (!Array.isArray(parsed) || parsed.length === 0) return undefined
  const data = new Float64Array(parsed.length)
  for (const [index, item] of (parsed as unknown[]).entries()) {
    const value = item === null ? Number.NaN : typeof item === 'string' ? readWord(item) : item
    if (typeof value !== 'number' || (value === item && !Number.isFinite(value))) return undefined
    data[index] = value
  }
  return data
}

function readWord(item: string): number | undefined {
  return /^-?(?:NaN|Infinity)$/.test(item) ? readSpecial(item) : undefined
}
