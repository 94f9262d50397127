import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { FrameClock } from '../../../src/media/frame-clock.ts'

function timestamps(times: readonly number[]): number[] {
  const clock = new FrameClock()
  return times.map((time) => clock.timestampMs(time))
}

describe("a recording's clock", () => {
  test.each([
    ['begins at the first frame', [1_786_000_000.5, 1_786_000_000.533], [0, 33]],
    ['keeps gaps of up to a day', [0, 86_000], [0, 86_000_000]],
    ['goes on after a longer one', [0, 10, 200_000, 200_001], [0, 10_000, 10_001, 11_001]],
    ['goes on where time steps back', [100, 101, 50, 51], [0, 1000, 1001, 2001]],
    ['bears frames out of order', [0, 0.1, 0.05, 0.2], [0, 100, 101, 200]],
    ['parts frames of one millisecond', [5, 5, 5], [0, 1, 2]],
  ])('%s', (_, times, expected) => {
    expect(timestamps(times)).toEqual(expected)
  })

  test('always rises, in whole milliseconds, whatever a publisher says', () => {
    const time = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(fc.array(time), (times) => {
        const result = timestamps(times)
        expect(
          result.every((value, index) => Number.isSafeInteger(value) && value > (result[index - 1] ?? -1)),
        ).toBe(true)
      }),
    )
  })
})
