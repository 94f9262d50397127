import { describe, expect, test } from '@jest/globals'
import type { NumbersBlock } from '@zcast/shared'
import { LogLines } from '../../../src/dashboard/log-lines.ts'
import { ColumnBudget } from '../../../src/dashboard/column-budget.ts'
import { encodeSlices, SLICES_HEADER_BYTES } from '../../../src/dashboard/encode-slices.ts'
import { NumbersHistory } from '../../../src/dashboard/numbers-history.ts'

function block(time: number, rows: readonly (readonly number[])[], interval = 0): NumbersBlock {
  const data = Float64Array.from(rows.flat())
  return { kind: 'numbers', time, interval, rows: rows.length, columns: rows[0]?.length ?? 0, data }
}

interface Message {
  readonly columns: number
  readonly first: number
  readonly generation: number
  readonly length: number | undefined
  readonly positions: readonly number[]
  readonly slices: readonly (readonly number[])[]
}

/** What a page is sent of the given positions, or the first ones, read as a page does. */
function read(history: NumbersHistory, ordinal = 0, chosen?: readonly number[]): Message {
  const all = Array.from({ length: Math.min(history.length, 32) }, (_, index) => index)
  const message = encodeSlices(history, ordinal, chosen ?? all)
  const view = new DataView(message.buffer)
  const columns = view.getUint32(4, true)
  const stride = 3 + 3 * columns
  const count = view.getUint32(8, true)
  const slices = Array.from({ length: count }, (_, index) => {
    // How many are missing has a test of its own.
    const [time = 0, arrays = 0, , ...values] = new Float64Array(
      message.buffer,
      SLICES_HEADER_BYTES + index * stride * 8,
      stride,
    )
    return [time, arrays, ...values]
  })
  const [length, ...positions] = new Float64Array(message.buffer, SLICES_HEADER_BYTES + count * stride * 8)
  const [generation, first] = [view.getUint32(12, true), view.getFloat64(16, true)]
  return { columns, generation, first, slices, length, positions }
}

describe('a history of numbers', () => {
  test('keeps the least, the greatest and the newest of each tenth of a second', () => {
    const history = new NumbersHistory()
    history.add(block(100.01, [[1, 20]]))
    history.add(block(100.05, [[3, 10]]))
    history.add(block(100.09, [[2, 15]]))
    history.add(block(100.11, [[7, 7]]))
    expect(read(history)).toMatchObject({
      columns: 2,
      first: 0,
      slices: [
        [100.01, 3, 1, 3, 2, 10, 20, 15],
        [100.11, 1, 7, 7, 7, 7, 7, 7],
      ],
    })
  })

  test('takes the rows of a batch apart by their times', () => {
    const history = new NumbersHistory()
    history.add(block(100.02, [[1], [2], [3], [4]], 0.05))
    expect(read(history).slices.map(([, arrays]) => arrays)).toEqual([2, 2])
  })

  test('sends what came since, the growing slice again', () => {
    const history = new NumbersHistory()
    for (let index = 0; index < 5; index++) history.add(block(100.05 + index / 10, [[index]]))
    expect(read(history, 3)).toMatchObject({ first: 3, slices: [{}, {}] })
    history.add(block(100.46, [[9]]))
    expect(read(history, history.newest).slices).toEqual([[100.45, 2, 4, 9, 9]])
    expect(read(history, 99).slices).toEqual([])
  })

  test('holds ten minutes and not more, at any rate', () => {
    const history = new NumbersHistory()
    for (let index = 0; index < 20_000; index++) history.add(block(index / 10 + 0.05, [[index]]))
    const { first, slices } = read(history)
    expect([first, slices.length]).toEqual([14_000, 6000])
    expect(slices[0]?.[2]).toBe(14_000)
    expect(slices.at(-1)?.[2]).toBe(19_999)
  })

  test('begins anew when the clock was put back', () => {
    const history = new NumbersHistory()
    history.add(block(101, [[1, 2, 3]]))
    const before = history.generation
    history.add(block(100.5, [[1, 2, 3]]))
    expect(history.generation).toBe(before)
    history.add(block(50, [[1, 2, 3]]))
    expect(history.generation).not.toBe(before)
    expect(read(history).slices).toEqual([[50, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]])
  })

  test('keeps what it has when the arrays have other lengths', () => {
    const history = new NumbersHistory()
    history.add(block(100.05, [[1, 2]]))
    history.add(block(100.15, [[3, 4, 5]]))
    history.add(block(100.25, [[6]]))
    const unknown = [Number.NaN, Number.NaN, Number.NaN]
    expect(read(history)).toMatchObject({
      length: 3,
      positions: [0, 1, 2],
      slices: [
        [100.05, 1, 1, 1, 1, 2, 2, 2, ...unknown],
        [100.15, 1, 3, 3, 3, 4, 4, 4, 5, 5, 5],
        [100.25, 1, 6, 6, 6, ...unknown, ...unknown],
      ],
    })
  })

  test('keeps what it has of two publishers whose clocks differ', () => {
    const history = new NumbersHistory()
    for (let index = 0; index < 20; index++) {
      history.add(block(5000 + index / 10 + 0.05, [[1]]), { epoch: 1 })
      history.add(block(1000 + index / 10 + 0.05, [[2]]), { epoch: 2 })
    }
    const { slices } = read(history)
    expect(slices).toHaveLength(20)
    expect(slices.map(([, arrays, least, greatest]) => [arrays, least, greatest])).toContainEqual([2, 1, 2])
  })

  test('forgets the length of a longer array with the array', () => {
    const history = new NumbersHistory()
    history.add(block(0, [[1, 2, 3, 4]]))
    for (let index = 1; index < 6000; index++) history.add(block(index / 10 + 0.05, [[1, 2]]))
    expect(history.length).toBe(4)
    history.add(block(600.05, [[1, 2]]))
    expect(history.length).toBe(2)
    expect(history.column(3)).toBeUndefined()
  })

  test('passes over what is not a number, and keeps the others of the same tenth of a second', () => {
    const history = new NumbersHistory()
    history.add(
      block(
        100.01,
        [
          [Number.NaN, 5],
          [2, Number.NaN],
          [Number.POSITIVE_INFINITY, 7],
        ],
        0.001,
      ),
    )
    history.add(block(100.11, [[Number.NaN, 1]]))
    expect(read(history).slices).toEqual([
      [100.01, 3, 2, 2, 2, 5, 7, 7],
      // That something came which is no number is known.
      [100.11, 1, Number.POSITIVE_INFINITY, Number.NaN, Number.NaN, 1, 1, 1],
    ])
  })

  test('counts what never came before each slice, for each publisher', () => {
    const history = new NumbersHistory()
    const add = (seq: number, time: number, from: Parameters<NumbersHistory['add']>[1]): void =>
      history.add({ ...block(time, [[1], [2]], 0.01), seq }, from)
    // An earlier one for a late joiner says nothing about what follows it.
    add(3, 100, { epoch: 1, retained: true })
    add(50, 101, { epoch: 1 })
    add(52, 102, { epoch: 1 })
    add(7000, 103, { epoch: 2 })
    add(59, 104, { epoch: 1 })
    add(7010, 105, { epoch: 2, withheld: 5 })
    // Late, or once more.
    add(55, 106, { epoch: 1 })
    add(61, 107, { epoch: 1 })
    const missing = Array.from({ length: 8 }, (_, ordinal) => history.slice(ordinal)[2])
    expect(missing).toEqual([0, 0, 0, 0, 5, 3, 0, 0])
  })

  test('has any position of a long array, from the beginning or from when it is asked for', () => {
    const history = new NumbersHistory()
    const row = Array.from({ length: 100_000 }, (_, index) => index)
    history.add(block(100, [row]))
    const { length, slices } = read(history, 0, [0, 199])
    expect([length, slices[0]]).toEqual([100_000, [100, 1, 0, 0, 0, 199, 199, 199]])
    expect(history.column(99_999)).toBeUndefined()
    history.want([99_999])
    history.add(block(101, [row]))
    expect(read(history, 1, [99_999]).slices).toEqual([[101, 1, 99_999, 99_999, 99_999]])
  })

  test('keeps no more positions than there is memory for, and those that were asked for lately', () => {
    const budget = new ColumnBudget()
    const histories = Array.from({ length: 4 }, () => new NumbersHistory(budget))
    const row = Array.from({ length: 2000 }, () => 1)
    const countColumns = (): number[] =>
      histories.map((history) => row.filter((_, position) => history.column(position)).length)
    for (const history of histories) history.add(block(100, [row]))
    // 16 of each are always there, and 512 more of all together.
    expect(countColumns()).toEqual([256, 256, 16 + 32, 16])
    histories[3]?.want([1000, 1001])
    expect(countColumns()).toEqual([254, 256, 48, 18])
    histories[0]?.want([18, 19])
    histories[3]?.want([1002])
    expect([18, 19, 20].map((position) => histories[0]?.column(position) !== undefined)).toEqual([
      true,
      true,
      false,
    ])
    histories[1]?.clear()
    expect(countColumns()).toEqual([253, 0, 48, 19])
    expect(budget.hasRoom).toBe(true)
  })
})

describe('the tail of the log', () => {
  test('is what a page has not seen yet', () => {
    const log = new LogLines()
    log.add('one')
    const first = log.since(0, null)
    log.add('two')
    expect(first.lines).toEqual(['one'])
    expect(log.since(first.next, first.run).lines).toEqual(['two'])
    expect(log.since(2, first.run).lines).toEqual([])
  })

  test('is whole for a page that knows an earlier run', () => {
    const log = new LogLines()
    log.add('one')
    expect(log.since(1, 'earlier').lines).toEqual(['one'])
    expect(log.since(Number.MAX_SAFE_INTEGER, 'earlier').lines).toEqual(['one'])
  })

  test('holds 200 lines, and cuts long ones', () => {
    const log = new LogLines()
    for (let index = 0; index < 1000; index++) log.add(`${index}${'x'.repeat(5000)}`)
    const { lines } = log.since(0, null)
    expect([lines.length, lines[0]?.slice(0, 4), lines[0]?.length]).toEqual([200, '800x', 2000])
  })
})
