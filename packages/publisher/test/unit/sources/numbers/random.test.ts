import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { createRandom } from '../../../../src/sources/numbers/random.ts'

/** sfc32 as PractRand has it, in arithmetic that cannot overflow. */
function referenceRandom(seed: number): () => number {
  const mask = 0xff_ff_ff_ffn
  let a = BigInt(seed) & mask
  let b = (BigInt(seed) >> 32n) & mask
  let c = 0x9e_37_79_b9n
  let counter = 1n
  const next = (): bigint => {
    const sum = (a + b + counter) & mask
    counter = (counter + 1n) & mask
    a = b ^ (b >> 9n)
    b = (c + (c << 3n)) & mask
    c = (((c << 21n) | (c >> 11n)) + sum) & mask
    return sum
  }
  for (let round = 0; round < 15; round++) next()
  return () => Number(((next() >> 5n) << 26n) | (next() >> 6n)) / 2 ** 53
}

describe('createRandom', () => {
  test('is sfc32, whatever the seed', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const random = createRandom(seed)
        const reference = referenceRandom(seed)
        for (let draw = 0; draw < 50; draw++) expect(random()).toBe(reference())
      }),
    )
  })

  test('numbers are spread evenly over [0, 1)', () => {
    const random = createRandom(1)
    const buckets = new Float64Array(16)
    for (let draw = 0; draw < 160_000; draw++) {
      const bucket = Math.floor(random() * 16)
      buckets.set([Number(buckets.at(bucket)) + 1], bucket)
    }
    expect(buckets).toHaveLength(16)
    // 10,000 expected in each, with a standard deviation of 97; the seed is fixed, so this never fails by chance.
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  test('similar seeds give other numbers', () => {
    const first = [0, 1, -1, 2 ** 32, 2 ** 32 + 1].map((seed) => createRandom(seed)())
    expect(new Set(first).size).toBe(first.length)
  })
})
