import { describe, expect, test } from '@jest/globals'
import { ONE_TIME_LIFE_MS, OneTimeCodes } from '../../../../src/server/admission/one-time-codes.ts'

describe('a one-time code', () => {
  test('is good once, and known as used from then on', () => {
    const codes = new OneTimeCodes()
    const code = codes.issue()
    expect(code).toMatch(/^[\w-]{16}$/)
    expect([codes.redeem(code), codes.redeem(code), codes.redeem(code)]).toEqual(['good', 'stale', 'stale'])
  })

  test('is good for ten minutes, whatever happened to the others', () => {
    let nowMs = 0
    const codes = new OneTimeCodes(() => nowMs)
    const [early, late] = [codes.issue(), codes.issue()]
    nowMs = ONE_TIME_LIFE_MS - 1
    expect(codes.redeem(early)).toBe('good')
    nowMs = ONE_TIME_LIFE_MS
    expect(codes.redeem(late)).toBe('stale')
    expect(codes.redeem(codes.issue())).toBe('good')
  })

  test('is unknown where it was never issued', () => {
    const codes = new OneTimeCodes()
    const code = codes.issue()
    for (const guess of [
      '',
      code.slice(1),
      `${code}A`,
      code.toLowerCase() === code ? 'x' : code.toLowerCase(),
    ])
      expect(codes.redeem(guess)).toBe('unknown')
    expect(new OneTimeCodes().redeem(code)).toBe('unknown')
    expect(codes.redeem(code)).toBe('good')
  })

  test('is forgotten after sixteen further ones', () => {
    const codes = new OneTimeCodes()
    const issued = Array.from({ length: 17 }, () => codes.issue())
    expect(issued.map((code) => codes.redeem(code))).toEqual([
      'unknown',
      ...issued.slice(1).map(() => 'good'),
    ])
  })
})
