import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { NumbersBlock } from '@zcast/shared'
import { BlockJoiner } from '../../src/block-joiner.ts'

function block(time: number, values: readonly number[], interval?: number, columns = 1): NumbersBlock {
  return {
    kind: 'numbers',
    time,
    interval,
    rows: values.length / columns,
    columns,
    data: Float64Array.from(values),
  }
}

/** Joins as the batcher does: what cannot be added begins another block. */
function joinAll(blocks: readonly NumbersBlock[]): NumbersBlock[] {
  const joiner = new BlockJoiner()
  const joined: NumbersBlock[] = []
  for (const next of blocks) {
    if (joiner.add(next)) continue
    joined.push(joiner.take() as NumbersBlock)
    expect(joiner.add(next)).toBe(true)
  }
  const rest = joiner.take()
  return rest ? [...joined, rest] : joined
}

describe('BlockJoiner', () => {
  test('holds nothing at first', () => {
    expect(new BlockJoiner().take()).toBeUndefined()
  })

  test('gives a single block back as it is, without a copy', () => {
    const joiner = new BlockJoiner()
    const single = block(1, [1, 2], 0.5)
    expect(joiner.add(single)).toBe(true)
    expect(joiner.take()).toBe(single)
    expect(joiner.rows).toBe(0)
    expect(joiner.byteLength).toBe(0)
  })

  test('joins rows in order, with one interval for regular times', () => {
    const [joined, ...others] = joinAll([block(10, [1]), block(10.25, [2]), block(10.5, [3, 4], 0.25)])
    expect(others).toEqual([])
    expect(joined).toMatchObject({ time: 10, interval: 0.25, rows: 4, columns: 1 })
    expect(Array.from(joined?.data ?? [])).toEqual([1, 2, 3, 4])
  })

  test('does not join arrays of different lengths', () => {
    const joined = joinAll([block(0, [1, 2], undefined, 2), block(0, [3]), block(0, [4])])
    expect(joined.map(({ rows, columns }) => [rows, columns])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('does not join rows whose own times are not known', () => {
    expect(joinAll([block(0, [1, 2]), block(0, [3])]).map(({ rows }) => rows)).toEqual([2, 1])
    expect(joinAll([block(0, [1]), block(0, [2, 3])]).map(({ rows }) => rows)).toEqual([1, 2])
  })

  test('does not join where a clock went back', () => {
    expect(joinAll([block(5, [1]), block(4, [2]), block(4, [3])]).map(({ rows }) => rows)).toEqual([1, 2])
  })

  test('whatever the times, no row is off by more than half a millisecond, and none is lost', () => {
    const steps = fc.array(
      fc.oneof(fc.double({ min: 0, max: 0.002, noNaN: true }), fc.double({ min: -1, max: 10, noNaN: true })),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(steps, (offsets) => {
        let time = 1000
        const times = offsets.map((offset) => (time += offset))
        const joined = joinAll(times.map((at, index) => block(at, [index])))
        const rows = joined.flatMap(({ time: from, interval = 0, data }) =>
          Array.from(data, (value, row) => ({ value, at: from + row * interval })),
        )
        expect(rows.map(({ value }) => value)).toEqual(times.map((_, index) => index))
        for (const [index, { at }] of rows.entries())
          expect(Math.abs(at - (times[index] ?? Number.NaN))).toBeLessThan(0.000_501)
        expect(joined.every(({ interval = 0 }) => interval >= 0)).toBe(true)
      }),
    )
  })
})
