import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { MessagePace } from '../../../src/limits/message-pace.ts'

afterEach(() => {
  jest.useRealTimers()
})

describe('the pace of messages', () => {
  test('tells the first at once, the last of many, and no more than one in between', () => {
    jest.useFakeTimers()
    let value = 0
    const told: number[] = []
    const pace = new MessagePace(100, () => told.push(value))
    for (value = 1; value <= 100; value++) {
      pace.want()
      jest.advanceTimersByTime(3)
    }
    value = 1000
    jest.advanceTimersByTime(1000)
    expect(told).toEqual([1, 34, 67, 100])
    pace.want()
    pace.want()
    pace.close()
    jest.advanceTimersByTime(1000)
    expect(told).toEqual([1, 34, 67, 100, 1000])
  })
})
