import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { JpegSplitter } from '../../../src/jpeg/jpeg-splitter.ts'
import { PpmSplitter } from '../../../src/jpeg/ppm-splitter.ts'
import { SmjpegSplitter } from '../../../src/clip/smjpeg-splitter.ts'
import { assertSameHoweverCut, chunkSizes, cut, splitAll, streamOf } from '@zcast/testing/pictures/chunkings'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { smjpeg } from '../../support/smjpeg.ts'

const MIB = 1024 * 1024

// Data of a scan: anything but a marker.
const scans = fc.array(fc.oneof(fc.constantFrom(0xff00, 0xffd0, 0xffd7), fc.nat(0xfe)), { maxLength: 60 })
const pictures = fc
  .tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }), scans)
  .map(([width, height, scan]) => {
    const bytes = scan.flatMap((value) => (value > 0xff ? [value >> 8, value & 0xff] : [value]))
    return Buffer.from(jpegShell(width, height, bytes))
  })
const listOfPictures = fc.array(pictures, { maxLength: 5 })

describe('what is put together comes apart as it was, however it is cut', () => {
  test('JPEG pictures with anything but the begin of one in between', () => {
    const between = fc.constantFrom('', '\r\n', '--boundary\r\nContent-Length: 3\r\n\r\n', '\xff', '\xff\xd9')
    fc.assert(
      fc.property(listOfPictures, between, chunkSizes, (list, gap, sizes) => {
        const stream = Buffer.concat(list.flatMap((picture) => [Buffer.from(gap, 'latin1'), picture]))
        const splitter = new JpegSplitter()
        expect(splitAll(splitter, cut(stream, sizes))).toEqual({ found: list, error: undefined })
        expect(splitter.truncated).toBe(false)
      }),
    )
  })

  test('pictures of an SMJPEG stream with their timestamps, whatever is in them', () => {
    const jpeg = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    const stamped = fc.record({ stamp: fc.nat(2 ** 32 - 1), jpeg })
    fc.assert(
      fc.property(fc.array(stamped, { maxLength: 20 }), chunkSizes, (list, sizes) => {
        const chunks = cut(smjpeg(list), sizes)
        expect(splitAll(new SmjpegSplitter(), chunks)).toEqual({ found: list, error: undefined })
      }),
    )
  })

  test('PPM pictures of changing size', () => {
    const picture = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
          .map((bytes) => ({ pixels: Buffer.from(bytes), width, height })),
      )
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 6 }), chunkSizes, (list, sizes) => {
        const written = list.flatMap(({ pixels, width, height }) => [
          Buffer.from(`P6\n${width} ${height}\n255\n`),
          pixels,
        ])
        const result = splitAll(new PpmSplitter(), cut(Buffer.concat(written), sizes))
        expect(result).toEqual({ found: list, error: undefined })
      }),
    )
  })
})

describe('hostile bytes give the same result however they are cut, and no error but their own', () => {
  test('to the splitter of JPEG pictures', () => {
    const words = streamOf(
      [0xff, 0xd8],
      [0xff, 0xd9],
      [0xff],
      [0xff, 0xda, 0, 2],
      [0xff, 0xe0, 0, 4, 1, 2],
      [0xff, 0xc4, 0xff, 0xff],
      [0xff, 0x00],
      [0xff, 0xd0],
      [1, 2, 3],
    )
    assertSameHoweverCut(() => new JpegSplitter(), words, 'ERR_FRAME')
    // What is left out depends on how parts are told apart.
    const parts = streamOf(
      [10, 0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2],
      [0xff, 0xd8],
      [0xff, 0xd9],
      [0xff, 0xda, 0, 2],
      [0xff, 0xe1, 0, 40],
      '--frame\r\n\r\n',
      [1, 0xff],
    )
    assertSameHoweverCut(() => new JpegSplitter(), parts, 'ERR_FRAME')
  })

  test('to the splitter of SMJPEG', () => {
    const words = streamOf(
      '\0\nSMJPEG',
      '\0\0\0\0',
      '\0\0\0\x05',
      '_TXT',
      '_VID',
      'HEND',
      'vidD',
      'DONE',
      'abcde',
    )
    const stream = words.map((bytes) => Buffer.concat([smjpeg([]), bytes]))
    assertSameHoweverCut(() => new SmjpegSplitter(), fc.oneof(words, stream), 'ERR_FRAME')
  })

  test('to the splitter of PPM', () => {
    const words = streamOf(
      'P6\n',
      '2 1\n',
      '0 1\n',
      '99999 99999\n',
      '255\n',
      'P6\n1 1\n255\n',
      'abc',
      ' ',
      '3',
    )
    assertSameHoweverCut(() => new PpmSplitter(), words, 'ERR_FRAME')
  })
})

describe('no splitter keeps more than its limit', () => {
  test.each([64 * 1024, 40 * MIB])('a JPEG picture of 17 MiB is left out in chunks of %i bytes', (size) => {
    const picture = Buffer.alloc(17 * MIB, 1)
    picture.set(jpegShell(9, 9).subarray(0, -2))
    picture.set([0xff, 0xd9], picture.length - 2)
    const next = Buffer.from(jpegShell(9, 9))
    const splitter = new JpegSplitter()
    const { found } = splitAll(splitter, cut(Buffer.concat([picture, next]), [size]))
    expect(found).toEqual([next])
    expect(splitter.damaged).toBe(1)
  })

  test.each([64 * 1024, 40 * MIB])(
    'a picture of 17 MiB in SMJPEG is left out, and told, in chunks of %i bytes',
    (size) => {
      const small = { stamp: 2, jpeg: Buffer.from('small') }
      const stream = smjpeg([{ stamp: 1, jpeg: Buffer.alloc(17 * MIB, 1) }, small])
      const found = [{ stamp: 1, jpeg: undefined }, small]
      expect(splitAll(new SmjpegSplitter(), cut(stream, [size]))).toEqual({ found, error: undefined })
    },
  )

  test('SMJPEG that stops inside a picture is told, and a header of any length is passed over', () => {
    const picture = { stamp: 1, jpeg: Buffer.from('picture') }
    for (const [missing, truncated] of [
      [1, true],
      [0, false],
    ] as const) {
      const splitter = new SmjpegSplitter()
      splitter.push(smjpeg([picture], 'x'.repeat(100_000)).subarray(0, -4 - missing))
      expect(splitter.truncated).toBe(truncated)
    }
  })
})
