import { describe, expect, test } from '@jest/globals'
import type { NumbersBlock } from '@zcast/shared'
import { LogLines } from '../../../../src/dashboard/log-lines.ts'
import { NumbersHistory, SLICES_HEADER_BYTES } from '../../../../src/dashboard/numbers-history.ts'

function block(time: number, rows: readonly (readonly number[])[], interval = 0): NumbersBlock {
  const data = Float64Array.from(rows.flat())
  return { kind: 'numbers', time, interval, rows: rows.length, columns: rows[0]?.length ?? 0, data }
}

/** Reads a message as a page does. */
function decode(message: Uint8Array): {
  columns: number
  first: number
  generation: number
  slices: number[][]
} {
  const view = new DataView(message.buffer)
  const columns = view.getUint32(4, true)
  const slices = Array.from({ length: view.getUint32(8, true) }, (_, index) => {
    const stride = 2 + 3 * columns
    return [...new Float64Array(message.buffer, SLICES_HEADER_BYTES + index * stride * 8, stride)]
  })
  return { columns, generation: view.getUint32(12, true), first: view.getFloat64(16, true), slices }
}

describe('a history of numbers', () => {
  test('keeps the least, the greatest and the newest of each tenth of a second', () => {
    const history = new NumbersHistory()
    history.add(block(100.01, [[1, 20]]))
    history.add(block(100.05, [[3, 10]]))
    history.add(block(100.09, [[2, 15]]))
    history.add(block(100.11, [[7, 7]]))
    expect(decode(history.encodeFrom(0))).toMatchObject({
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
    expect(decode(history.encodeFrom(0)).slices.map(([, arrays]) => arrays)).toEqual([2, 2])
  })

  test('sends what came since, the growing slice again', () => {
    const history = new NumbersHistory()
    for (let index = 0; index < 5; index++) history.add(block(100.05 + index / 10, [[index]]))
    expect(decode(history.encodeFrom(3))).toMatchObject({ first: 3, slices: [{}, {}] })
    history.add(block(100.46, [[9]]))
    expect(decode(history.encodeFrom(history.newest)).slices).toEqual([[100.45, 2, 4, 9, 9]])
    expect(decode(history.encodeFrom(99)).slices).toEqual([])
  })

  test('holds ten minutes and not more, at any rate', () => {
    const history = new NumbersHistory()
    for (let index = 0; index < 20_000; index++) history.add(block(index / 10 + 0.05, [[index]]))
    const { first, slices } = decode(history.encodeFrom(0))
    expect([first, slices.length]).toEqual([14_000, 6000])
    expect(slices[0]?.[2]).toBe(14_000)
    expect(slices.at(-1)?.[2]).toBe(19_999)
  })

  test('begins anew when the arrays have another length, or the clock was put back', () => {
    const history = new NumbersHistory()
    history.add(block(100, [[1, 2]]))
    const before = history.generation
    history.add(block(101, [[1, 2, 3]]))
    expect(history.generation).not.toBe(before)
    expect(decode(history.encodeFrom(0))).toMatchObject({ columns: 3, slices: [{}] })
    const again = history.generation
    history.add(block(100.5, [[1, 2, 3]]))
    expect(history.generation).toBe(again)
    history.add(block(50, [[1, 2, 3]]))
    expect(history.generation).not.toBe(again)
    expect(decode(history.encodeFrom(0)).slices).toEqual([[50, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]])
  })

  test('leaves positions past the 32nd out', () => {
    const history = new NumbersHistory()
    const row = Array.from({ length: 1000 }, (_, index) => index)
    history.add(block(100, [row, row], 1))
    const { columns, slices } = decode(history.encodeFrom(0))
    expect([columns, slices.length, slices[1]?.at(-1)]).toEqual([32, 2, 31])
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
