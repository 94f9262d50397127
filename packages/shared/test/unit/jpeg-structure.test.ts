import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readJpegSize } from '../../src/jpeg-structure.ts'

const SOI = [0xff, 0xd8]
const EOI = [0xff, 0xd9]
const APP0 = segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
const DQT = segment(0xdb, repeat(65, 1))
const DHT = segment(0xc4, repeat(28, 0))
const SOS = segment(0xda, [1, 1, 0, 0, 63, 0])
const SCAN = [1, 2, 3, 0xff, 0, 4, 0xff, 0xd0, 5]

function repeat<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value)
}

function segment(marker: number, payload: number[]): number[] {
  return [0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 255, ...payload]
}

function sof(width: number, height: number, marker = 0xc0): number[] {
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return segment(marker, [8, ...size, 1, 1, 0x11, 0])
}

function picture(...parts: number[][]): Uint8Array {
  return Uint8Array.from([SOI, ...parts, EOI].flat())
}

const PICTURE = picture(APP0, DQT, sof(641, 361), DHT, SOS, SCAN)

describe('readJpegSize', () => {
  test('reads the size from the frame header', () => {
    expect(readJpegSize(PICTURE)).toEqual({ width: 641, height: 361 })
    expect(readJpegSize(picture(sof(65_535, 1), SOS, SCAN))).toEqual({ width: 65_535, height: 1 })
  })

  test('works on a view into a larger buffer', () => {
    const larger = new Uint8Array(PICTURE.length + 20).fill(0xff)
    larger.set(PICTURE, 7)
    expect(readJpegSize(larger.subarray(7, 7 + PICTURE.length))).toEqual({ width: 641, height: 361 })
  })

  test('every SOF from C0 to CF is a frame header; DHT, JPG and DAC are not', () => {
    for (let marker = 0xc0; marker <= 0xcf; marker++) {
      const expected = [0xc4, 0xc8, 0xcc].includes(marker) ? undefined : { width: 8, height: 9 }
      expect(readJpegSize(picture(sof(8, 9, marker), SOS, SCAN))).toEqual(expected)
    }
  })

  test('a thumbnail inside a segment is not mistaken for the picture', () => {
    const exif = segment(0xe1, [...picture(sof(16, 16), SOS, SCAN)])
    expect(readJpegSize(picture(exif, sof(640, 480), SOS, SCAN))).toEqual({ width: 640, height: 480 })
  })

  test('fill bytes before a marker are allowed, but not without end', () => {
    expect(readJpegSize(picture([0xff, 0xff], sof(3, 4), [0xff], SOS, SCAN))).toEqual({ width: 3, height: 4 })
    expect(readJpegSize(picture(repeat(1_000_000, 0xff), sof(3, 4), SOS, SCAN))).toBeUndefined()
  })

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['SOI and EOI alone', picture()],
    ['no frame header before the scan', picture(APP0, SOS, SCAN)],
    ['no scan', picture(sof(8, 8))],
    ['a width of 0', picture(sof(0, 8), SOS, SCAN)],
    ['a height of 0', picture(sof(8, 0), SOS, SCAN)],
    ['two frame headers', picture(sof(8, 8), sof(9, 9), SOS, SCAN)],
    ['a frame header cut short', picture(segment(0xc0, [8, 0, 8, 0, 8]), SOS, SCAN)],
    ['a frame header without components', picture(segment(0xc0, [8, 0, 8, 0, 8, 0]), SOS, SCAN)],
    ['a segment longer than the picture', picture([0xff, 0xe0, 0xff, 0xff], sof(8, 8), SOS, SCAN)],
    ['a segment length of 1', picture([0xff, 0xe0, 0, 1], sof(8, 8), SOS, SCAN)],
    ['a scan header that reaches into EOI', picture(sof(8, 8), [0xff, 0xda, 0, 4])],
    ['a second SOI', picture(SOI, sof(8, 8), SOS, SCAN)],
    ['EOI before the scan', picture(EOI, sof(8, 8), SOS, SCAN)],
    ['a reserved marker', picture([0xff, 0x02, 0, 2], sof(8, 8), SOS, SCAN)],
    ['bytes between segments', picture([0], sof(8, 8), SOS, SCAN)],
    ['bytes after EOI', Uint8Array.from([...PICTURE, 0])],
    ['thousands of segments', picture(...repeat(5000, [0xff, 0xe0, 0, 2]), sof(8, 8), SOS, SCAN)],
  ])('refuses %s', (_, bytes) => {
    expect(readJpegSize(bytes)).toBeUndefined()
  })

  test('refuses every truncation', () => {
    for (let length = 0; length < PICTURE.length; length++) {
      expect(readJpegSize(PICTURE.subarray(0, length))).toBeUndefined()
    }
  })

  test('never throws, and never gives a size of 0', () => {
    const damaged = fc.tuple(fc.nat(PICTURE.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = PICTURE.slice()
      bytes[at] = byte
      return bytes
    })
    const junk = fc.uint8Array({ maxLength: 200 }).map((bytes) => picture([...bytes]))
    fc.assert(
      fc.property(fc.oneof(damaged, junk, fc.uint8Array()), (bytes) => {
        const size = readJpegSize(bytes)
        return size === undefined || (size.width > 0 && size.height > 0)
      }),
      { numRuns: 400 },
    )
  })
})
