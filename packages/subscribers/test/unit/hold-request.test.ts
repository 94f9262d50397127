import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { HoldRequest } from '../../src/hold-request.ts'

interface Watched {
  readonly request: HoldRequest
  /** Sets how many bytes wait, as if the consumer had taken the others. */
  readonly takeDownTo: (bytes: number) => void
  /** Sets how many bytes wait, as if more had come. */
  readonly fillTo: (bytes: number) => void
  readonly held: boolean[]
}

/** A request at a limit of 100 bytes, by a consumer that is at work. */
function watched(): Watched {
  let waiting = 0
  const held: boolean[] = []
  const request = new HoldRequest(
    () => waiting,
    100,
    (isHeld) => held.push(isHeld),
  )
  const takeDownTo = (bytes: number): void => {
    waiting = bytes
    request.took()
  }
  const fillTo = (bytes: number): void => {
    waiting = bytes
    request.added()
  }
  takeDownTo(0)
  return { request, takeDownTo, fillTo, held }
}

describe('HoldRequest', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('holds nobody up to the limit, nor before a consumer has begun', () => {
    const { fillTo, held } = watched()
    fillTo(100)
    new HoldRequest(
      () => 101,
      100,
      (isHeld) => held.push(isHeld),
    ).added()
    expect(held).toEqual([])
  })

  test('holds above it, once, until the consumer has taken a quarter', () => {
    const { fillTo, takeDownTo, held } = watched()
    fillTo(101)
    fillTo(150)
    takeDownTo(76)
    expect(held).toEqual([true])
    takeDownTo(75)
    expect(held).toEqual([true, false])
    expect(jest.getTimerCount()).toBe(0)
  })

  test('asks again each second, as long as the consumer takes something', () => {
    const { fillTo, takeDownTo, held } = watched()
    fillTo(101)
    for (let second = 1; second <= 20; second++) {
      takeDownTo(101 - second)
      jest.advanceTimersByTime(1000)
      expect(held.length).toBe(1 + 2 * second)
      expect(held.slice(-2)).toEqual([false, true])
    }
  })

  test('does not hold for a consumer that has stopped, until it goes on', () => {
    const { fillTo, takeDownTo, held } = watched()
    fillTo(101)
    jest.advanceTimersByTime(1000)
    expect(held).toEqual([true, false])
    fillTo(150)
    expect(held).toHaveLength(2)
    takeDownTo(149)
    fillTo(150)
    expect(held).toEqual([true, false, true])
  })

  test('ends when it is told to', () => {
    const { request, fillTo, held } = watched()
    request.end()
    fillTo(101)
    request.end()
    expect(held).toEqual([true, false])
    expect(jest.getTimerCount()).toBe(0)
  })
})
