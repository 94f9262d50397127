import { describe, expect, test } from '@jest/globals'
import { isAnimatedPng } from '../../../../src/sources/live/animated-png.ts'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(12 + length)
  bytes.writeUInt32BE(length)
  bytes.write(type, 4, 'latin1')
  return bytes
}

const png = (...chunks: Buffer[]): Buffer => Buffer.concat([SIGNATURE, chunk('IHDR', 13), ...chunks])

describe('isAnimatedPng', () => {
  test('tells by the chunk before the first picture', () => {
    expect(isAnimatedPng(png(chunk('gAMA', 4), chunk('acTL', 8), chunk('IDAT', 9)))).toBe(true)
    expect(isAnimatedPng(png(chunk('gAMA', 4), chunk('IDAT', 9), chunk('acTL', 8)))).toBe(false)
    expect(isAnimatedPng(Buffer.from('no picture at all'))).toBe(false)
  })

  test('waits for more, but not for ever', () => {
    const whole = png(chunk('gAMA', 4), chunk('acTL', 8))
    expect(isAnimatedPng(whole.subarray(0, 7))).toBeUndefined()
    expect(isAnimatedPng(whole.subarray(0, 50))).toBeUndefined()
    expect(isAnimatedPng(png(chunk('iCCP', 70_000)).subarray(0, 100))).toBe(false)
  })
})
