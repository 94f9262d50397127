import { describe, expect, test } from '@jest/globals'
import type { NumbersBlock } from '@zcast/shared'
import { encodeSlices } from '../../../src/dashboard/encode-slices.ts'
import { NumbersHistory } from '../../../src/dashboard/numbers-history.ts'
import { NumberSlices } from '../../../assets/chart/number-slices.js'
import { thin } from '../../../assets/chart/number-points.js'
import type { Points, Values } from '../../../assets/chart/number-points.js'

/** What a page has of arrays that came at a steady rate, by way of the server's history. */
function slicesOf(arrays: readonly (readonly number[])[], rate: number): NumberSlices {
  const history = new NumbersHistory()
  for (const [index, values] of arrays.entries()) {
    const [time, data] = [1000.05 + index / rate, Float64Array.from(values)]
    const block: NumbersBlock = { kind: 'numbers', time, rows: 1, columns: values.length, data }
    history.add(block)
  }
  const slices = new NumberSlices()
  const positions = Array.from({ length: history.length }, (_, position) => position)
  slices.take(encodeSlices(history, 0, positions).buffer)
  return slices
}

function draw(slices: NumberSlices, seconds: number, most = 300): Points {
  const end = slices.timeAt(performance.now())
  return thin(slices, end - seconds, end, most)
}

/** Gaps between known values of a line. */
function countGaps(values: Values): number {
  const known = [...values.keys()].filter((at) => typeof values[at] === 'number')
  return values
    .slice(known[0], known.at(-1))
    .filter((value, at, all) => value === null && all[at - 1] !== null).length
}

const { NaN: nothing } = Number

describe('what a chart draws', () => {
  test('has the least and the greatest of each point, however many make one', () => {
    const arrays = Array.from({ length: 6000 }, (_, index) => [
      index === 3000 ? 1000 : 0,
      index === 10 ? -7 : 1,
    ])
    const slices = slicesOf(arrays, 10)
    const { times, greatest, least } = draw(slices, 600)
    expect(times.length).toBeLessThanOrEqual(302)
    for (const most of [20, 77, 500]) {
      expect(draw(slices, 400, most).greatest[0]?.filter((value) => value === 1000)).toHaveLength(1)
    }
    expect(greatest[0]?.filter((value) => value === 1000)).toHaveLength(1)
    expect(least[1]?.filter((value) => value === -7)).toHaveLength(1)
  })

  test('is a line through what is known, where every other value is not', () => {
    const arrays = Array.from({ length: 200 }, (_, index) => [index, index % 2 ? nothing : index])
    const { lines } = draw(slicesOf(arrays, 10), 15)
    expect(countGaps(lines[1] ?? [])).toBe(0)
    expect(lines[1]?.filter((value) => typeof value === 'number').length).toBeGreaterThan(50)
  })

  test('has a gap of its own size where what comes is no number', () => {
    const arrays = Array.from({ length: 150 }, (_, index) => [index === 70 ? nothing : index, index, 1])
    for (const index of [100, 101, 102]) arrays[index] = [index, nothing, Number.POSITIVE_INFINITY]
    const { times, lines } = draw(slicesOf(arrays, 10), 14)
    expect(lines.map(countGaps)).toEqual([1, 1, 1])
    const widths = lines.map((values) => {
      const at = values.indexOf(null)
      const last = values.lastIndexOf(null)
      return Math.round(((times[last + 1] ?? 0) - (times[at - 1] ?? 0)) * 10)
    })
    expect(widths).toEqual([2, 4, 4])
  })

  test('has the least, the greatest and the mean of what is shown, and of nothing else', () => {
    const arrays = Array.from({ length: 300 }, (_, index) => [index < 200 ? 1000 : index % 2, nothing])
    const { statistics } = draw(slicesOf(arrays, 10), 9)
    expect(statistics).toEqual([
      { least: 0, greatest: 1, mean: expect.closeTo(0.5, 1) },
      { least: nothing, greatest: nothing, mean: nothing },
    ])
  })

  test('shows any part of what is known, with one point more at either side', () => {
    const slices = slicesOf(
      Array.from({ length: 600 }, (_, index) => [index]),
      10,
    )
    const { times, lines } = thin(slices, 1020, 1030, 1000)
    expect([times[0], times.at(-1)]).toEqual([expect.closeTo(1019.95), expect.closeTo(1030.05)])
    expect(lines[0]).toEqual(Array.from({ length: 102 }, (_, index) => index + 199))
    expect(thin(slices, 5000, 5010, 100).statistics[0]?.least).toBeNaN()
  })

  test('has no holes where one in a hundred is unknown', () => {
    const arrays = Array.from({ length: 3000 }, (_, index) => [index % 100 === 50 ? nothing : index, index])
    const { lines } = draw(slicesOf(arrays, 300), 10)
    for (const line of lines) expect(line.every((value) => typeof value === 'number')).toBe(true)
  })

  test('has a gap where nothing is known for longer', () => {
    const arrays = Array.from({ length: 400 }, (_, index) => [index, index % 40 < 20 ? nothing : 2])
    const { lines } = draw(slicesOf(arrays, 10), 38)
    expect(countGaps(lines[0] ?? [])).toBe(0)
    expect(countGaps(lines[1] ?? [])).toBe(9)
  })

  test('has all positions of arrays of different lengths', () => {
    const arrays = Array.from({ length: 200 }, (_, index) => (index % 2 ? [1, 2, 3, 4] : [1, 2, 3]))
    const slices = slicesOf(arrays, 10)
    const { lines } = draw(slices, 15)
    expect(lines.map((line) => line.find((value) => typeof value === 'number'))).toEqual([1, 2, 3, 4])
    expect(lines.map(countGaps)).toEqual([0, 0, 0, 0])
    expect(slices.newestBefore(slices.end)).toEqual([1, 2, 3, 4])
  })

  test('says where arrays never came, and how many', () => {
    const history = new NumbersHistory()
    for (let index = 0, seq = 0; index < 100; index++, seq += index === 40 ? 8 : index === 41 ? 3 : 1) {
      const time = 1000.05 + index / 10
      history.add({ kind: 'numbers', seq, time, rows: 1, columns: 1, data: Float64Array.of(1) }, { epoch: 1 })
    }
    const slices = new NumberSlices()
    slices.take(encodeSlices(history, 0, [0]).buffer)
    expect(draw(slices, 9).losses).toEqual([
      { time: expect.closeTo(1004.05), count: 7 },
      { time: expect.closeTo(1004.15), count: 2 },
    ])
    expect(draw(slices, 9, 10).losses).toEqual([{ time: expect.any(Number), count: 9 }])
  })

  test('breaks all lines where nothing came', () => {
    const arrays = Array.from({ length: 100 }, (_, index) => [index])
    const history = new NumbersHistory()
    for (const [index, [value = 0]] of arrays.entries()) {
      const time = 1000.05 + index / 10 + (index < 50 ? 0 : 20)
      history.add({ kind: 'numbers', time, rows: 1, columns: 1, data: Float64Array.of(value) })
    }
    const slices = new NumberSlices()
    slices.take(encodeSlices(history, 0, [0]).buffer)
    expect(countGaps(draw(slices, 60).lines[0] ?? [])).toBe(1)
  })

  test('holds the greatest numbers there are', () => {
    const most = Number.MAX_VALUE
    const arrays = Array.from({ length: 600 }, () => [most, -most])
    const { lines, greatest, least } = draw(slicesOf(arrays, 10), 60, 20)
    expect(greatest[0]?.at(-1)).toBe(most)
    expect(least[1]?.at(-1)).toBe(-most)
    for (const line of lines) expect(line.every((value) => Number.isFinite(value))).toBe(true)
  })

  test('says the newest value that is known, and none that is old', () => {
    const known = slicesOf(
      [
        [1, 5],
        [2, nothing],
        [3, 6],
      ],
      10,
    )
    expect(known.newestBefore(known.end - 1)).toEqual([2, 5])
    const old = Array.from({ length: 100 }, (_, index) => [index, index === 0 ? 5 : nothing])
    expect(slicesOf(old, 10).newestBefore(100)).toEqual([99, nothing])
  })
})
