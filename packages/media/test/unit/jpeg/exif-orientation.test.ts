import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readJpegOutline } from '@zcast/shared/internal'
import { readOrientation, turnedSize } from '../../../src/jpeg/exif-orientation.ts'
import { encodeJpeg } from '../../../src/jpeg/jpeg.ts'
import { exifSegment, segment, withSegment } from '@zcast/testing/pictures/jpegs'

const plain = encodeJpeg(new Uint8Array(16 * 8 * 3), 16, 8)

async function orientationWith(added: Uint8Array): Promise<number> {
  const jpeg = withSegment(await plain, added)
  const outline = readJpegOutline(jpeg)
  if (!outline) throw new Error('the picture is broken')
  return readOrientation(jpeg, outline)
}

describe('readOrientation', () => {
  test('reads it in both byte orders', async () => {
    for (const byteOrder of ['II', 'MM'] as const)
      for (let orientation = 1; orientation <= 8; orientation++)
        expect(await orientationWith(exifSegment(orientation, byteOrder))).toBe(orientation)
  })

  test('takes what it cannot read for upright', async () => {
    const exif = Buffer.from('Exif\0\0', 'latin1')
    const broken = [
      exifSegment(0),
      exifSegment(9),
      segment(0xe1, exif),
      segment(0xe1, Buffer.concat([exif, Buffer.from('XX\0\x2a\0\0\0\x08', 'latin1')])),
      segment(0xe1, Buffer.concat([exif, Buffer.from('MM\0\x2a\xff\xff\xff\xff', 'latin1')])),
      segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x/>', 'latin1')),
      segment(0xfe, Buffer.from('a comment')),
    ]
    for (const added of broken) expect(await orientationWith(added)).toBe(1)
  })

  test('never throws, and never gives anything but 1 to 8', async () => {
    const junk = fc.tuple(fc.constantFrom('II*\0', 'MM\0*'), fc.uint8Array({ maxLength: 60 }))
    await fc.assert(
      fc.asyncProperty(junk, async ([head, rest]) => {
        const orientation = await orientationWith(
          segment(0xe1, Buffer.concat([Buffer.from(`Exif\0\0${head}`, 'latin1'), rest])),
        )
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientation)
      }),
      { numRuns: 150 },
    )
  })
})

test('turnedSize lays 5 to 8 on their side', () => {
  const size = { width: 40, height: 30 }
  for (const orientation of [1, 2, 3, 4]) expect(turnedSize(size, orientation)).toEqual(size)
  for (const orientation of [5, 6, 7, 8])
    expect(turnedSize(size, orientation)).toEqual({ width: 30, height: 40 })
})
