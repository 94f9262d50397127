import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { FrameClock } from '../../../src/out/frame-clock.ts'

/** @param arrivals - When each came, in seconds. Default: when it says. */
function timestamps(times: readonly number[], arrivals: readonly number[] = times): number[] {
  const clock = new FrameClock()
  return times.map((time, index) => clock.timestampMs(time, (arrivals[index] ?? 0) * 1000))
}

describe("a recording's clock", () => {
  test.each([
    ['begins at the first frame', [1_786_000_000.5, 1_786_000_000.533], [0, 33]],
    ['keeps gaps of any length', [0, 86_000, 286_000], [0, 86_000_000, 286_000_000]],
    ['bears frames out of order', [0, 0.1, 0.05, 0.2], [0, 100, 101, 200]],
    ['parts frames of one millisecond', [5, 5, 5], [0, 1, 2]],
  ])('%s', (_, times, expected) => {
    expect(timestamps(times)).toEqual(expected)
  })

  test.each([
    ['an hour ahead', [100, 101, 3702, 3703], [100, 101, 102, 103], [0, 1000, 2000, 3000]],
    ['an hour back', [3700, 3701, 102, 103], [100, 101, 102, 103], [0, 1000, 2000, 3000]],
    ['ahead and back again', [0, 3601, 2, 3], [0, 1, 2, 3], [0, 1000, 2000, 3000]],
  ])(
    'goes on by the time that passes here when the publisher sets its clock %s',
    (_, times, arrivals, expected) => {
      expect(timestamps(times, arrivals)).toEqual(expected)
    },
  )

  test('keeps the distances of frames that a network held back and delivered at once', () => {
    expect(timestamps([0, 1, 2, 3, 4], [0, 1, 4, 4, 4])).toEqual([0, 1000, 2000, 3000, 4000])
  })

  test('always rises, in whole milliseconds, whatever a publisher says', () => {
    const time = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(fc.array(time), (times) => {
        const result = timestamps(
          times,
          times.map((_, index) => index),
        )
        expect(
          result.every((value, index) => Number.isSafeInteger(value) && value > (result[index - 1] ?? -1)),
        ).toBe(true)
      }),
    )
  })
})
