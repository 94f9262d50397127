import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { countScans } from '../../src/jpeg-scans.ts'
import { readJpegOutline } from '../../src/jpeg-structure.ts'
import { encodeJpeg } from '@zcast/media'
import { quadrants, segment } from '@zcast/testing/pictures/jpegs'

const picture = Buffer.from(await encodeJpeg(quadrants(64, 48), 64, 48))
const scanAt = picture.indexOf(Buffer.of(0xff, 0xda))
const scan = picture.subarray(scanAt, -2)
const eoi = picture.subarray(-2)

const count = (jpeg: Uint8Array): number | undefined =>
  countScans(jpeg, readJpegOutline(jpeg) ?? { scanAt: 0 })
const after = (...parts: Uint8Array[]): Buffer => Buffer.concat([picture.subarray(0, -2), ...parts, eoi])

describe('countScans', () => {
  test('counts the scans of one picture, whatever tables are between them', async () => {
    const { default: sharp } = await import('sharp')
    const progressive = await sharp(picture).jpeg({ progressive: true }).toBuffer()
    expect(count(picture)).toBe(1)
    expect(count(after(segment(0xc4, Buffer.alloc(20)), scan, segment(0xfe, eoi), scan))).toBe(3)
    expect(count(progressive)).toBeGreaterThan(3)
  })

  test('passes over damage inside the data, and fill bytes', () => {
    expect(count(after(Buffer.of(0xff, 0x5a, 1, 2, 3)))).toBe(1)
    expect(count(after(Buffer.of(0xff, 0xff)))).toBe(1)
  })

  test.each<[string, Buffer]>([
    ['a second frame header', after(picture.subarray(2, scanAt), scan)],
    ['a second picture', Buffer.concat([picture, picture])],
    ['a second beginning', after(picture.subarray(0, 2), scan)],
    ['an end in the middle', after(eoi, scan)],
    ['a segment that reaches into the end', after(Buffer.of(0xff, 0xc4, 0, 4))],
    ['bytes between segments', after(segment(0xc4, Buffer.alloc(20)), Buffer.of(0), scan)],
    ['thousands of segments', after(...Array.from({ length: 2000 }, () => segment(0xfe, Buffer.alloc(0))))],
  ])('refuses %s', (_, jpeg) => {
    expect(readJpegOutline(jpeg)).toBeDefined()
    expect(count(jpeg)).toBeUndefined()
  })

  test('never throws, whatever the bytes', () => {
    const rest = fc.array(fc.oneof(fc.constant(0xff), fc.constantFrom(0xc0, 0xda, 0xd9, 0xc4), fc.nat(255)))
    fc.assert(
      fc.property(rest, (bytes) => {
        const scans = count(after(Buffer.from(bytes)))
        return scans === undefined || scans >= 1
      }),
      { numRuns: 400 },
    )
  })
})
