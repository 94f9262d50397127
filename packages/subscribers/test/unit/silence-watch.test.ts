import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { SilenceWatch } from '../../src/silence-watch.ts'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

function watch(leastMs: number): { silence: SilenceWatch; noticed: () => boolean } {
  let count = 0
  const silence = new SilenceWatch(
    leastMs,
    () => (count += 1),
    () => undefined,
  )
  const noticed = (): boolean => {
    const was = count > 0
    count = 0
    return was
  }
  return { silence, noticed }
}

describe('SilenceWatch', () => {
  test('notices that nothing came for longer than it waits for', () => {
    const { silence, noticed } = watch(1000)
    jest.advanceTimersByTime(900)
    expect(noticed()).toBe(false)
    silence.hear()
    jest.advanceTimersByTime(900)
    expect(noticed()).toBe(false)
    jest.advanceTimersByTime(400)
    expect(noticed()).toBe(true)
    silence.close()
  })

  test('a stream that is slow by nature has three of its intervals, whatever break it once had', () => {
    const { silence, noticed } = watch(1000)
    for (let count = 0; count < 5; count++) {
      silence.hear()
      jest.advanceTimersByTime(10_000)
    }
    noticed()
    silence.hear()
    jest.advanceTimersByTime(29_000)
    expect(noticed()).toBe(false)
    jest.advanceTimersByTime(100_000)
    expect(noticed()).toBe(true)
    silence.hear()
    jest.advanceTimersByTime(31_000)
    expect(noticed()).toBe(true)
    silence.close()
  })

  test.each([
    ['long intervals, the first of which was cut short', [10]],
    ['short and long ones by turns', [1, 7]],
    ['bursts', [0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 10]],
  ])('a rhythm that comes again is learned: %s', (_, seconds) => {
    const { silence, noticed } = watch(1000)
    silence.hear()
    jest.advanceTimersByTime(500)
    for (let round = 0; round < 10; round++) {
      if (round === 3) noticed()
      for (const interval of seconds) {
        silence.hear()
        jest.advanceTimersByTime(interval * 1000)
      }
    }
    expect(noticed()).toBe(false)
    jest.advanceTimersByTime(60_000)
    expect(noticed()).toBe(true)
    silence.close()
  })

  test('what comes only when it is asked for has no rhythm, however often it does', () => {
    let noticed = 0
    let asked = 0
    const kept = new SilenceWatch(
      1000,
      () => (noticed += 1),
      () => (asked += 1),
    )
    for (let round = 1; round <= 20; round++) {
      // A burst, and then nothing until it was asked for.
      for (let count = 0; count < 15; count++) {
        kept.hear()
        jest.advanceTimersByTime(33)
      }
      noticed = 0
      while (asked < round) jest.advanceTimersByTime(100)
      expect(noticed).toBeGreaterThan(0)
    }
    kept.close()
  })

  test('a rhythm is learned although a value comes by chance when it is asked for', () => {
    const { silence, noticed } = watch(1000)
    for (let round = 0; round < 8; round++) {
      if (round === 5) noticed()
      for (let count = 0; count < 5; count++) {
        silence.hear()
        jest.advanceTimersByTime(10)
      }
      jest.advanceTimersByTime(1500)
    }
    expect(noticed()).toBe(false)
    silence.close()
  })

  test('when a retained value came is not held for a rhythm', () => {
    const { silence, noticed } = watch(5000)
    silence.hear(true)
    jest.advanceTimersByTime(100)
    silence.hear()
    jest.advanceTimersByTime(10_000)
    noticed()
    for (let count = 0; count < 3; count++) {
      silence.hear()
      jest.advanceTimersByTime(10_000)
      expect(noticed()).toBe(false)
    }
    silence.close()
  })

  test('a stream that has become faster is given less time', () => {
    const { silence, noticed } = watch(1000)
    for (let count = 0; count < 5; count++) {
      silence.hear()
      jest.advanceTimersByTime(10_000)
    }
    for (let count = 0; count < 400; count++) {
      silence.hear()
      jest.advanceTimersByTime(100)
    }
    noticed()
    jest.advanceTimersByTime(1500)
    expect(noticed()).toBe(true)
    silence.close()
  })

  test('who comes anew is given the whole time, and a closed watch says nothing', () => {
    const { silence, noticed } = watch(1000)
    jest.advanceTimersByTime(900)
    silence.restart()
    jest.advanceTimersByTime(900)
    expect(noticed()).toBe(false)
    silence.close()
    jest.advanceTimersByTime(10_000)
    expect(noticed()).toBe(false)
  })
})
