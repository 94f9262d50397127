import { describe, expect, test } from '@jest/globals'
import { ClipClock } from '../../../../src/sources/clip/clip-clock.ts'

/** When pictures are shown whose times are these, in milliseconds; the usual step is 40. */
function show(times: readonly number[], at = 0, format = 'mov,mp4'): { shown: number[]; jumped: boolean } {
  const clock = new ClipClock(0.04, format, at)
  const shown = times.map((time) => Math.round(clock.show(time / 1000) * 1000))
  return { shown, jumped: clock.jumped }
}

describe('ClipClock', () => {
  test('keeps the distances of pictures, whatever they are, and begins at 0', () => {
    expect(show([1400, 1433, 1434, 2000, 301_000])).toEqual({
      shown: [0, 33, 34, 600, 299_600],
      jumped: false,
    })
  })

  test('goes on from where it is told', () => {
    expect(show([5000, 5040], 7).shown).toEqual([7000, 7040])
  })

  test('begins before 0, as files may', () => {
    expect(show([-80, -40, 0, 40])).toEqual({ shown: [0, 40, 80, 120], jumped: false })
  })

  test.each([
    ['back', [0, 40, 20, 60]],
    ['far ahead', [0, 40, 3_600_040, 3_600_080]],
  ])('where times jump %s, the usual step is taken, and it is told', (_, times) => {
    expect(show(times)).toEqual({ shown: [0, 40, 80, 120], jumped: true })
  })

  test('a gap in a stream is a jump sooner', () => {
    expect(show([0, 40, 57_040, 57_080], 0, 'mpegts')).toEqual({ shown: [0, 40, 80, 120], jumped: true })
    expect(show([0, 40, 57_040, 57_080]).jumped).toBe(false)
  })

  test('two pictures at one time are shown so, but times that stand still are none', () => {
    expect(show([0, 0, 40])).toEqual({ shown: [0, 0, 40], jumped: false })
    expect(show([0, 0, 0, 0]).shown).toEqual([0, 0, 40, 80])
  })
})
