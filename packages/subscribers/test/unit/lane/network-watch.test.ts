import { describe, expect, test } from '@jest/globals'
import { NetworkWatch } from '../../../src/lane/network-watch.ts'

/** Pictures 33 ms apart, each with its age in milliseconds; `undefined` for one that is missing. */
function watch(ages: readonly (number | undefined)[], into = new NetworkWatch(), from = 0): NetworkWatch {
  for (const [index, age] of ages.entries()) {
    const timeMs = 1000 + (from + index) * 33
    if (age !== undefined) into.arrived({ seq: from + index, timeMs, atMs: timeMs + age })
  }
  return into
}

const steady = (count: number, age: number): number[] => Array.from({ length: count }, () => age)

describe('NetworkWatch', () => {
  test('pictures that come ever later make a network slow', () => {
    expect(watch([...steady(30, 5), 60, 140, 220, 300, 380]).isSlow).toBe(true)
  })

  test('so do late ones of which some are missing, though they are no later than before', () => {
    const missing = [300, undefined, undefined, undefined]
    expect(watch([...steady(30, 5), ...missing, ...missing, ...missing, ...missing]).isSlow).toBe(true)
  })

  test('a network is slow however slow it is: one picture in 1.4 s, 42 missing between two', () => {
    const watched = new NetworkWatch()
    for (const [index, age] of [1400, 2800, 4200, 5600, 6900, 6900].entries()) {
      watch([age], watched, index * 43)
    }
    expect(watched.isSlow).toBe(true)
    expect(watched.reading?.carried).toBeCloseTo(0.7, 0)
  })

  test('a network is slow from the first pictures on', () => {
    expect(watch([233, 433, 633, 833]).isSlow).toBe(true)
  })

  test.each([
    ['a clock that is another', steady(200, 86_400_000)],
    ['a clock that was set', [...steady(30, 5), ...steady(100, 3000)]],
    ['a clock that was set back', [...steady(30, 3000), ...steady(100, 5)]],
    ['some that are missing', [...steady(30, 5), undefined, undefined, 5, 5, undefined, 5, 5]],
    ['ages that differ', Array.from({ length: 100 }, (_, index) => (index * 37) % 90)],
    ['one stop, after which all come at once', [...steady(30, 5), 900, 867, 834, 801, 768, 735]],
  ])('%s does not make it slow', (_, ages) => {
    const watched = new NetworkWatch()
    for (const [index, age] of ages.entries()) {
      watch([age], watched, index)
      expect(watched.isSlow).toBe(false)
    }
  })

  test('reads what is wanted and what is carried where that is less', () => {
    const some = Array.from({ length: 90 }, (_, index) => (index % 3 === 0 ? 100 : undefined))
    const { wanted, carried } = watch(some).reading as { wanted: number; carried: number }
    expect(wanted).toBeCloseTo(30.3, 1)
    expect(carried).toBeCloseTo(10.1, 1)
    expect(watch(steady(90, 5)).reading).toBeUndefined()
  })
})
