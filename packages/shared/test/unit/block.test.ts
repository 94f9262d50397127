import { describe, expect, test } from '@jest/globals'
import { rowsOf, sliceRows, type NumbersBlock } from '../../src/block.ts'

const NUMBERS: NumbersBlock = {
  kind: 'numbers',
  seq: 10,
  time: 100,
  interval: 0.5,
  rows: 3,
  columns: 2,
  data: Float64Array.of(1, 2, 3, 4, 5, 6),
}

describe('blocks', () => {
  test('the rows are views on the block', () => {
    const rows = [...rowsOf(NUMBERS)]
    expect(rows.map((row) => [...row])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(rows.every((row) => row.buffer === NUMBERS.data.buffer)).toBe(true)
  })

  test('a slice has the sequence number and time of its first row, and is a view', () => {
    const slice = sliceRows(NUMBERS, 1, 2)
    expect(slice).toEqual({ ...NUMBERS, seq: 11, time: 100.5, rows: 2, data: Float64Array.of(3, 4, 5, 6) })
    expect(slice.data.buffer).toBe(NUMBERS.data.buffer)
  })

  test('a slice of everything is the block itself', () => {
    expect(sliceRows(NUMBERS, 0, 3)).toBe(NUMBERS)
  })

  test('a slice without sequence numbers or interval stays without', () => {
    const slice = sliceRows({ ...NUMBERS, seq: undefined, interval: undefined }, 2, 1)
    expect(slice).toMatchObject({ time: 100, rows: 1 })
    expect(slice.seq).toBeUndefined()
  })
})
