import type { ColumnLabels, Envelope, Message, NumbersBlock } from '@zcast/shared'
import { invalid } from '@zcast/shared'
import { textOf } from '../json-header.ts'
import { ownKeys } from '../own-keys.ts'
import { formatNumber, parseJson } from './json-text.ts'
import { keysOf, rowsOfBlock } from './sample-rows.ts'
import type { Notation } from './samples-codec.ts'

/** JSON, as `send_json` and `json.dumps` write it. */
export const JSON_NOTATION: Notation = {
  name: 'json',
  write: (envelope, block, labels) => Buffer.from(writeSamples(envelope, block, labels)),

  read(payload) {
    try {
      return { value: parseJson(textOf(payload)) }
    } catch {
      return invalid('the value is not JSON')
    }
  },

  split: splitTopic,
}

function writeSamples(envelope: Envelope, block: NumbersBlock, labels: ColumnLabels): string {
  const keys = keysOf(labels.names)
  const samples = rowsOfBlock(block).map(({ time, seq, values }) => {
    const numbers = Array.from(values, formatNumber)
    const pairs = keys
      ? keys.map((name, column) => `${JSON.stringify(name)}:${numbers[column]}`)
      : [`"values":[${numbers.join(',')}]`, ...pairsOf(labels)]
    const own = ownKeys({ ...envelope, block: { ...block, seq, time } })
    return `{${[...pairs, ...pairsOf(own)].join(',')}}`
  })
  return samples.length === 1 ? (samples[0] as string) : `[${samples.join(',')}]`
}

function pairsOf(fields: object): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  )
}

/** `socket.send_string(f"{topic} {json}")`: what stands before the first bracket, or before a number. */
function splitTopic(part: Uint8Array): Message {
  const text = textOf(part)
  const [, topic, value] = /^([^\s"{}[\],:]+)\s+(?=[{["\d.-]|NaN|null)([\s\S]+)$/.exec(text) ?? []
  return topic === undefined || value === undefined ? [part] : [Buffer.from(topic), Buffer.from(value)]
}
