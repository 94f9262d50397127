import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { findIndexPlace } from '../../../src/probe/index-at-end.ts'

/** A box of an MP4 file with so many bytes in it. */
function box(type: string, contents = 16, size = contents + 8): Buffer {
  const bytes = Buffer.alloc(8 + contents)
  bytes.writeUInt32BE(size)
  bytes.write(type, 4, 'latin1')
  return bytes
}

/** A box whose size has 64 bits. */
function largeBox(type: string, size: number): Buffer {
  const bytes = box(type, 8, 1)
  bytes.writeBigUInt64BE(BigInt(size), 8)
  return bytes
}

describe('findIndexPlace', () => {
  test.each([
    ['as ffmpeg writes it', [box('ftyp'), box('free', 0), box('mdat', 100)]],
    ['as QuickTime did', [box('wide', 0), box('mdat')]],
    ['with data of over 4 GiB', [box('ftyp'), largeBox('mdat', 5e9)]],
    ['with data up to the end of the file', [box('ftyp'), box('mdat', 10, 0)]],
    ['with notes of the camera first', [box('ftyp'), box('uuid', 30_000), box('mdat')]],
  ])('finds it at the end of a file %s', (_, boxes) => {
    expect(findIndexPlace(Buffer.concat(boxes))).toBe('end')
  })

  test.each([
    ['that was made for streaming', [box('ftyp'), box('free', 3), box('moov', 5)]],
    ['in fragments', [box('ftyp'), box('moof')]],
    ['that is a segment of a stream', [box('styp')]],
    ['that is another container', [Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0, 1])]],
    ['that is damaged', [box('ftyp'), box('free', 0, 3)]],
    ['with padding that nobody would wait for', [box('ftyp'), box('free', 0, 1e6)]],
  ])('lets a file pass %s', (_, boxes) => {
    expect(findIndexPlace(Buffer.concat(boxes))).toBe('front')
  })

  test('waits for more bytes as long as they do not tell', () => {
    const file = Buffer.concat([box('ftyp'), largeBox('free', 20), Buffer.alloc(4), box('mdat')])
    for (let length = 0; length < file.length - 16; length++) {
      expect(findIndexPlace(file.subarray(0, length))).toBeUndefined()
    }
    expect(findIndexPlace(file)).toBe('end')
  })

  test('takes any bytes', () => {
    const word = fc.constantFrom(
      'ftyp',
      'mdat',
      'moov',
      '\0\0\0\0',
      '\0\0\0\x01',
      '\0\0\0\x08',
      '\xff\xff\xff\xff',
    )
    const words = fc.array(word).map((parts) => Buffer.from(parts.join(''), 'latin1'))
    fc.assert(
      fc.property(fc.oneof(words, fc.uint8Array()), (bytes) => {
        expect(['front', 'end', undefined]).toContain(findIndexPlace(bytes))
      }),
    )
  })
})
