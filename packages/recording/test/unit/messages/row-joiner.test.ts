import { expect, test } from '@jest/globals'
import { ProtobufWriter, writeValue } from '@zcast/schemas'
import { NumbersRow } from '../../../src/messages/numbers-row.ts'
import { RowJoiner } from '../../../src/messages/row-joiner.ts'

interface Told {
  readonly seq?: number
  readonly epoch?: number
  readonly interval?: number
  readonly columns?: number
}

/** Writes a row, and reads it. */
function read({ seq = 0, epoch = 1, interval = 0.5, columns = 1 }: Told) {
  const writer = new ProtobufWriter()
  const data = new Float64Array(columns)
  const block = { kind: 'numbers', seq, time: 1000 + seq * 0.5, interval, rows: 1, columns, data } as const
  writeValue(writer, { topic: 'numbers/a', block, epoch }, 0)
  const bytes = Buffer.from(writer.bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const row = new NumbersRow()
  return { bytes, view, row, isRead: row.read(bytes, view, 0, bytes.length) }
}

test('a row of numbers that no stream has is not read', () => {
  expect(read({}).isRead).toBe(true)
  for (const interval of [Number.NaN, Infinity, -1]) expect(read({ interval }).isRead).toBe(false)
  expect(read({ seq: 2 ** 60 }).isRead).toBe(false)
  expect(read({ epoch: 2 ** 32 }).isRead).toBe(false)
})

test('rows are joined as long as they are not too large together', () => {
  const joined = (columns: number): number => {
    const first = read({ columns })
    const joiner = new RowJoiner(first.bytes, first.view, first.row, 1000)
    let rows = 1
    for (; rows < 2000; rows++) {
      const { bytes, view, row } = read({ seq: rows, columns })
      if (!joiner.add(bytes, view, row, 1000)) break
    }
    expect(joiner.block().data).toHaveLength(rows * columns)
    return rows
  }
  expect(joined(10)).toBe(1000)
  expect(joined(300_000)).toBe(3)
  expect(joined(1_200_000)).toBe(1)
})
