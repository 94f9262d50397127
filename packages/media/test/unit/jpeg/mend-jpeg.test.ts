import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readJpegSize } from '@zcast/shared/internal'
import { encodeJpeg } from '../../../src/jpeg/jpeg.ts'
import { mendJpeg } from '../../../src/jpeg/mend-jpeg.ts'
import { quadrants, segment, withSegment } from '@zcast/testing/pictures/jpegs'

const picture = Buffer.from(await encodeJpeg(quadrants(64, 48), 64, 48))
const thumbnail = await encodeJpeg(quadrants(16, 8), 16, 8)
const withThumbnail = withSegment(picture, segment(0xe1, thumbnail))
const damaged = Buffer.from(picture)
damaged.set([0xff, 0x37], damaged.length - 10)
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** A picture in several scans, with a comment between them whose bytes look like an end. */
async function inSeveralScans(): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const progressive = await sharp(picture).jpeg({ progressive: true }).toBuffer()
  const last = progressive.lastIndexOf(Buffer.of(0xff, 0xda))
  const comment = segment(0xfe, Buffer.of(0xff, 0xd9, 0xff, 0xd8))
  return Buffer.concat([progressive.subarray(0, last), comment, progressive.subarray(last)])
}

const severalScans = await inSeveralScans()

describe('mendJpeg', () => {
  test.each<[string, Buffer]>([
    ['as it should be', picture],
    ['with a thumbnail', withThumbnail],
    ['with fill bytes before a marker', withSegment(picture, Buffer.of(0xff, 0xff))],
    ['in several scans', severalScans],
    ['with damage in its data', damaged],
  ])('leaves a picture %s byte for byte', (_, jpeg) => {
    expect(mendJpeg(jpeg)).toEqual({ jpeg, endMissing: false })
  })

  test.each<[string, Buffer]>([
    ['the trailer of a phone', bytes('\0\0\x01\x0aImage_UTC_DataSEFH\x6b\0\0\0\x24\0\0\0SEFT')],
    ['a video', bytes('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free')],
    ['further pictures', withThumbnail],
    ['padding', Buffer.alloc(4096)],
    ['a line end', bytes('\r\n--boundary\r\n')],
    ['half a marker', Buffer.of(0xff)],
  ])('cuts off %s after the end', (_, trailer) => {
    expect(mendJpeg(Buffer.concat([withThumbnail, trailer]))).toEqual({
      jpeg: withThumbnail,
      endMissing: false,
    })
  })

  test('cuts off what stands before the beginning, but does not search for a picture in anything', () => {
    const headers = bytes('--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 99999\r\n\r\n')
    expect(mendJpeg(Buffer.concat([headers, picture]))?.jpeg).toEqual(picture)
    expect(mendJpeg(Buffer.concat([Buffer.alloc(100_000), picture]))).toBeUndefined()
  })

  test('leaves out a second beginning, and what stands between segments', () => {
    const soi = picture.subarray(0, 2)
    for (const junk of [soi, Buffer.concat([soi, soi]), Buffer.alloc(20, 0xff), Buffer.of(0xff, 1)])
      expect(mendJpeg(withSegment(picture, junk))).toEqual({ jpeg: picture, endMissing: false })
    const second = 4 + picture.readUInt16BE(4)
    const spoilt = Buffer.concat([picture.subarray(0, second), Buffer.of(1, 2, 3), picture.subarray(second)])
    expect(mendJpeg(spoilt)).toEqual({ jpeg: picture, endMissing: false })
  })

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half a marker', Buffer.of(0xff)],
    ['another picture', picture],
    ['a trailer that looks like a table', Buffer.of(0xff, 0xc4, 0, 4, 1, 2, 0xff, 0xd9)],
    ['a segment cut off', Buffer.of(0xff, 0xe0, 9, 9)],
  ])('puts an end where there is %s instead', (_, rest) => {
    const mended = mendJpeg(Buffer.concat([picture.subarray(0, -2), rest]))
    expect(mended).toEqual({ jpeg: picture, endMissing: true })
  })

  test('a picture cut off in a scan is made whole in its structure, and said to have no end', () => {
    const mended = mendJpeg(picture.subarray(0, -20))
    expect(mended?.endMissing).toBe(true)
    expect(readJpegSize(mended?.jpeg ?? Buffer.alloc(0))).toEqual({ width: 64, height: 48 })
  })

  test('finds none in what has no scan', () => {
    const scanAt = picture.indexOf(Buffer.of(0xff, 0xda))
    for (const broken of [
      bytes(''),
      bytes('no picture'),
      picture.subarray(0, 300),
      picture.subarray(0, scanAt),
    ])
      expect(mendJpeg(broken)).toBeUndefined()
  })

  test('never throws, and gives nothing but pictures of whole structure', () => {
    const cuts = fc.tuple(fc.nat(picture.length), fc.nat(40), fc.uint8Array({ maxLength: 20 }))
    fc.assert(
      fc.property(cuts, ([at, length, junk]) => {
        const damaged = Buffer.concat([picture.subarray(0, at), junk, picture.subarray(at + length)])
        const mended = mendJpeg(damaged)
        return mended === undefined || readJpegSize(mended.jpeg) !== undefined
      }),
      { numRuns: 400 },
    )
  })
})
