import { describe, expect, test } from '@jest/globals'
import { StampReader } from '../../../src/clip/picture-stamps.ts'

/** The stamp of picture `number` that is shown at so many ticks of 0.1 ms, as the filters and SMJPEG make it. */
const stampOf = (number: number, ticks: number): number => {
  const stamp = BigInt(number + 1) * 2n ** 26n - (((BigInt(ticks) % 2n ** 26n) + 2n ** 26n) % 2n ** 26n)
  return Number(BigInt.asUintN(32, stamp))
}

describe('StampReader', () => {
  test('reads times that rise, stand still, fall or are below 0, over any number of pictures', () => {
    const reader = new StampReader(false)
    const ticks = [-800, 0, 400, 400, 300, 3_000_000, 3_000_001, 0]
    for (let number = 0; number < 1000; number++) {
      const shown = ticks[number % ticks.length] ?? 0
      expect(reader.seconds(stampOf(number, shown))).toBe(shown / 10_000)
    }
  })

  test('reads times far from the begin, where no step is longer than 55 minutes', () => {
    const reader = new StampReader(false)
    for (let number = 0; number < 40; number++) {
      const shown = number * 33_000_000
      expect(reader.seconds(stampOf(number, shown))).toBe(shown / 10_000)
    }
  })

  test('tells where pictures are numbered anew', () => {
    for (const before of [1, 2, 63, 65, 200]) {
      const reader = new StampReader(false)
      for (let number = 0; number < before; number++) {
        expect(reader.seconds(stampOf(number, number * 400))).toBe(number / 25)
      }
      expect(reader.seconds(stampOf(0, before * 400))).toBeUndefined()
    }
  })

  test('reads plain milliseconds of copied pictures, below 0 too', () => {
    const reader = new StampReader(true)
    expect([0, 40, 2 ** 32 - 20].map((stamp) => reader.seconds(stamp))).toEqual([0, 0.04, -0.02])
  })
})
