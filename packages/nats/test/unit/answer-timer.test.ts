import { expect, jest, test } from '@jest/globals'
import { AnswerTimer } from '../../src/answer-timer.ts'

test('an answer comes within 200 ms, and however often it is asked for, at most once in 200 ms', () => {
  jest.useFakeTimers()
  try {
    const answeredAtMs: number[] = []
    const timer = new AnswerTimer(() => answeredAtMs.push(performance.now()))
    const beginMs = performance.now()
    for (let ms = 0; ms < 3000; ms++) {
      timer.ask()
      jest.advanceTimersByTime(1)
    }
    expect((answeredAtMs[0] ?? Infinity) - beginMs).toBeLessThanOrEqual(201)
    expect(answeredAtMs.length).toBeGreaterThanOrEqual(6)
    for (const [index, atMs] of answeredAtMs.slice(1).entries())
      expect(atMs - (answeredAtMs[index] ?? Infinity)).toBeGreaterThanOrEqual(199)
    timer.close()
    const { length } = answeredAtMs
    jest.advanceTimersByTime(1000)
    expect(answeredAtMs).toHaveLength(length)
  } finally {
    jest.useRealTimers()
  }
})
