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
  const silence = new SilenceWatch(leastMs, () => (count += 1))
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
