import { describe, expect, test } from '@jest/globals'
import { isMeant, parseMaxRate, RateLimit } from '../../src/max-rate.ts'

describe('parseMaxRate', () => {
  test('reads topics and a rate', () => {
    const rate = parseMaxRate('video@*/cam.*=2.5/s')
    expect(rate).toEqual({ topics: 'video@*/cam.*', perSecond: 2.5 })
    expect(isMeant(rate, 'video@360p/cam.1')).toBe(true)
    expect(isMeant(rate, 'video@360p/camX1')).toBe(false)
    expect(isMeant(rate, 'video/cam.1')).toBe(false)
  })

  test('means the renditions of a kind, too', () => {
    const rate = parseMaxRate('video/*=5/s')
    expect(isMeant(rate, 'video/cam')).toBe(true)
    expect(isMeant(rate, 'video@360p/cam')).toBe(true)
    expect(isMeant(rate, 'numbers/cam')).toBe(false)
  })

  test.each(['video/*', 'video/*=5', 'video/*=0/s', '5/s', 'video/*=x/s', 'a b/*=5/s'])(
    'refuses %p',
    (text) => expect(() => parseMaxRate(text)).toThrow('max-rate must be TOPIC=N/s'),
  )
})

describe('RateLimit', () => {
  test('lets as many pass as the rate allows, and a tenth of a second of them at once', () => {
    const limit = new RateLimit(100, 0)
    expect(limit.take(50, 0)).toBe(10)
    expect(limit.take(50, 9)).toBe(0)
    expect(limit.take(50, 50)).toBe(5)
    expect(limit.take(50, 1_000_000)).toBe(10)
  })

  test('lets single values pass where there are fewer than ten a second', () => {
    const limit = new RateLimit(5, 0)
    expect([0, 100, 199, 200, 300, 400].map((atMs) => limit.take(1, atMs))).toEqual([1, 0, 0, 1, 0, 1])
  })
})
