import { describe, expect, test } from '@jest/globals'
import { Demand, type NumbersBlock } from '@zcast/shared'
import {
  RandomNumbersSource,
  type RandomNumbersOptions,
} from '../../../../src/sources/numbers/random-numbers-source.ts'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'

testSourceContract('RandomNumbersSource', {
  kind: 'numbers',
  create: () => new RandomNumbersSource({ intervalMs: 5 }),
  intervalSeconds: 0.005,
})

testSourceContract('RandomNumbersSource without an interval', {
  kind: 'numbers',
  create: () => new RandomNumbersSource({ intervalMs: 0 }),
})

async function draw(options: RandomNumbersOptions, count = 20): Promise<NumbersBlock[]> {
  return (await take(new RandomNumbersSource({ intervalMs: 0, ...options }), count)) as NumbersBlock[]
}

describe('RandomNumbersSource', () => {
  test('yields arrays of 6 numbers from 0 to 10,000 unless told otherwise', async () => {
    const values = (await draw({})).flatMap(({ rows, columns, data }) => {
      expect([rows, columns, data.length]).toEqual([1, 6, 6])
      return Array.from(data)
    })
    expect(values.every((value) => value >= 0 && value < 10_000)).toBe(true)
    expect(new Set(values).size).toBeGreaterThan(100)
  })

  test('the same seed gives the same numbers, another seed others', async () => {
    const [first, again, other] = await Promise.all([draw({ seed: 7 }), draw({ seed: 7 }), draw({ seed: 8 })])
    const values = (blocks: NumbersBlock[]): number[] => blocks.flatMap(({ data }) => Array.from(data))
    expect(values(again)).toEqual(values(first))
    expect(values(other)).not.toEqual(values(first))
  })

  test('the upper bound is excluded even where there is no number between the two', async () => {
    const upper = 1 + Number.EPSILON
    const blocks = await draw({ lower: 1, upper, count: 100 })
    expect(blocks.every(({ data }) => data.every((value) => value === 1))).toBe(true)
  })

  test('each array is one of its own, so that it can be sent without a copy', async () => {
    const [first, second] = await draw({}, 2)
    expect(first?.data.buffer).not.toBe(second?.data.buffer)
  })

  test.each<RandomNumbersOptions>([
    { lower: 1, upper: 1 },
    { lower: 2, upper: 1 },
    { lower: Number.NaN },
    { upper: Number.POSITIVE_INFINITY },
    { lower: -Number.MAX_VALUE, upper: Number.MAX_VALUE },
    { count: 0 },
    { count: 1.5 },
    { count: 1_000_001 },
    { count: Number.NaN },
    { intervalMs: -1 },
    { intervalMs: Number.NaN },
    { intervalMs: Number.POSITIVE_INFINITY },
    { seed: 0.5 },
    { seed: 2 ** 53 },
  ])('refuses %j', (options) => {
    expect(() => new RandomNumbersSource(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('expects the bytes that its arrays take at the most', () => {
    expect(new RandomNumbersSource({ count: 1000 }).expectedBytes).toBeGreaterThanOrEqual(9000)
  })

  test('without an interval it draws nothing while nobody watches', async () => {
    const demand = new Demand()
    const controller = new AbortController()
    const { signal } = controller
    const blocks = new RandomNumbersSource({ intervalMs: 0 }).blocks({ signal, demand })
    let drawn = false
    const first = blocks.next().then((result) => {
      drawn = true
      return result
    })
    await new Promise(setImmediate)
    expect(drawn).toBe(false)
    demand.set('', true)
    expect((await first).done).toBe(false)
    demand.set('', false)
    const second = blocks.next()
    controller.abort()
    const result = await second
    if (!result.done) expect((await blocks.next()).done).toBe(true)
  })

  test('with an interval it draws whether anybody watches or not: a sequence number is a moment', async () => {
    const blocks = new RandomNumbersSource({ intervalMs: 1 }).blocks({ ...run(), demand: new Demand() })
    expect((await blocks.next()).done).toBe(false)
    await blocks.return(undefined)
  })
})
