import type { Rejection } from '@zcast/shared'
import { formatFloat } from './json-text.ts'
import { JSON_NOTATION } from './json-notation.ts'
import { MSGPACK_NOTATION } from './msgpack-notation.ts'
import { keysOf, rowsOfBlock } from './sample-rows.ts'
import type { Notation } from './samples-codec.ts'

const BRACES: ReadonlySet<number | undefined> = new Set(
  Array.from('{["\t\n\r ', (sign) => sign.codePointAt(0)),
)

/**
 * What PlotJuggler's ZeroMQ plugin takes: JSON or msgpack, of which JSON is written. Each key becomes a curve, so that
 * there are none but the values and their time.
 */
export const PLOTJUGGLER_NOTATION: Notation = {
  name: 'plotjuggler',
  hasTimePart: true,

  write(_, block, { names }) {
    const keys = keysOf(names)
    const samples = rowsOfBlock(block).map(({ time, values }) => {
      const numbers = Array.from(values, formatFloat)
      const pairs = keys
        ? keys.map((name, column) => `${JSON.stringify(name)}:${numbers[column]}`)
        : [`"values":[${numbers.join(',')}]`]
      return `{"timestamp":${formatFloat(time)},${pairs.join(',')}}`
    })
    return Buffer.from(samples.length === 1 ? (samples[0] as string) : `[${samples.join(',')}]`)
  },

  read: (payload): { readonly value: unknown } | Rejection =>
    BRACES.has(payload[0]) ? JSON_NOTATION.read(payload) : MSGPACK_NOTATION.read(payload),
}
