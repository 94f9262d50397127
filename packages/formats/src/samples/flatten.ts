import { MAX_LABEL_BYTES } from '@zcast/shared'
import type { Fields } from '../own-keys.ts'

/** The most values in one sample of named values. */
export const MAX_NAMED_VALUES = 10_000

const MAX_DEPTH = 16

/** The values of a sample, by name. */
export type NamedValues = Map<string, number>

/**
 * Flattens an untrusted object as PlotJuggler does: `{"a": {"b": [1, 2]}}` is `a/b[0]` and `a/b[1]`. True and false are
 * 1 and 0, null is a missing number, and texts are ignored.
 *
 * @returns `undefined` when it is too large or too deep.
 */
export function flatten(fields: Fields, leaveOut: readonly string[] = []): NamedValues | undefined {
  const values: NamedValues = new Map()
  for (const [key, value] of Object.entries(fields)) {
    if (!leaveOut.includes(key) && !add(values, key, value, 1)) return undefined
  }
  return values
}

function add(values: NamedValues, name: string, value: unknown, depth: number): boolean {
  const number = toNumber(value)
  if (number !== undefined) {
    values.set(shorten(name), number)
    return values.size <= MAX_NAMED_VALUES
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  if (depth >= MAX_DEPTH) return false
  return Array.isArray(value)
    ? value.every((item, index) => add(values, `${name}[${index}]`, item, depth + 1))
    : Object.entries(value).every(([key, item]) => add(values, `${name}/${key}`, item, depth + 1))
}

/** The number that stands for an untrusted value; `undefined` when none does. */
export function toNumber(value: unknown): number | undefined {
  if (value === null) return Number.NaN
  return ['number', 'boolean', 'bigint'].includes(typeof value) ? Number(value) : undefined
}

/** The end of a long name tells more than its beginning. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_LABEL_BYTES) return name
  let end = name.slice(-MAX_LABEL_BYTES)
  while (Buffer.byteLength(end) > MAX_LABEL_BYTES - 3) end = end.slice(1)
  return `…${end}`
}
