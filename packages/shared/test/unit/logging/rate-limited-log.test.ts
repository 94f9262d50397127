import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Log } from '../../../src/logging/log.ts'
import { RateLimitedLog } from '../../../src/logging/rate-limited-log.ts'

let lines: string[]
let log: RateLimitedLog

beforeEach(() => {
  jest.useFakeTimers()
  lines = []
  const target: Log = {
    error: (message, cause) => lines.push(`E ${message}${cause === undefined ? '' : ' !'}`),
    warning: (message) => lines.push(`W ${message}`),
    close: () => lines.push('closed'),
  }
  log = new RateLimitedLog(target)
})

afterEach(() => {
  jest.useRealTimers()
})

describe('a rate-limited log', () => {
  test('writes the first event at once and its repeats as one line after 5 s', () => {
    for (let count = 0; count < 481; count++) log.warning('malformed')
    expect(lines).toEqual(['W malformed'])
    jest.advanceTimersByTime(5000)
    expect(lines).toEqual(['W malformed', 'W malformed (repeated 480 times in 5 s)'])
  })

  test('writes one line each 5 s while a storm lasts', () => {
    for (let tick = 0; tick < 2000; tick++) {
      log.error('malformed')
      jest.advanceTimersByTime(10)
    }
    log.close()
    const repeated = lines.slice(1, -1).map((line) => Number(/repeated (\d+) times in 5 s/.exec(line)?.[1]))
    expect(repeated).toHaveLength(4)
    expect(repeated.reduce((sum, count) => sum + count, 1)).toBe(2000)
  })

  test('writes an event that comes back after a pause at once', () => {
    log.error('late')
    jest.advanceTimersByTime(5000)
    log.error('late')
    expect(lines).toEqual(['E late', 'E late'])
    expect(jest.getTimerCount()).toBe(1)
  })

  test('goes quiet, without a timer, after the storm', () => {
    log.error('late')
    log.error('late')
    jest.advanceTimersByTime(10_000)
    expect(lines).toEqual(['E late', 'E late (repeated 1 time in 5 s)'])
    expect(jest.getTimerCount()).toBe(0)
  })

  test('loses no count when it is closed, and says how long was counted', () => {
    log.error('late')
    log.error('late', new Error('cause'))
    log.error('late', new Error('cause'))
    jest.advanceTimersByTime(2100)
    log.close()
    log.close()
    expect(lines).toEqual(['E late', 'E late (repeated 2 times in 2.1 s) !', 'closed', 'closed'])
    expect(jest.getTimerCount()).toBe(0)
  })

  test('counts events with the same key together and shows the newest message', () => {
    log.warning('dropped 7 bytes', undefined, 'dropped')
    log.warning('dropped 9 bytes', undefined, 'dropped')
    log.error('dropped 9 bytes', undefined, 'dropped')
    jest.advanceTimersByTime(5000)
    expect(lines).toEqual([
      'W dropped 7 bytes',
      'E dropped 9 bytes',
      'W dropped 9 bytes (repeated 1 time in 5 s)',
    ])
  })

  test('watches 64 events at most, and writes the oldest out for one more', () => {
    for (let number = 0; number < 64; number++) log.error(`event ${number}`)
    log.error('event 0')
    log.error('event 64')
    expect(jest.getTimerCount()).toBe(64)
    expect(lines.slice(64)).toEqual(['E event 0 (repeated 1 time in 0.1 s)', 'E event 64'])
    log.error('event 1')
    log.error('event 0')
    expect(lines.slice(66)).toEqual(['E event 1 (repeated 1 time in 0.1 s)', 'E event 0'])
  })
})
