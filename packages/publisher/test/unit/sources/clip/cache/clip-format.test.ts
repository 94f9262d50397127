import { describe, expect, test } from '@jest/globals'
import { crc32 } from 'node:zlib'
import {
  CLIP_HEADER_BYTES,
  decodeClipHeader,
  decodeClipIndex,
  encodeClipHeader,
  encodeClipIndex,
} from '../../../../../src/sources/clip/cache/clip-format.ts'

const index = encodeClipIndex([10, 20, 30], [1, 2, 0xff_ff_ff_ff], [0, 0.5, 2.25])
const good = { pictures: 3, indexOffset: CLIP_HEADER_BYTES + 60, indexChecksum: crc32(index) }
const fileBytes = good.indexOffset + index.length

describe('the format of kept clips', () => {
  test('reads back what it wrote', () => {
    const header = decodeClipHeader(encodeClipHeader(good), fileBytes)
    expect(header).toEqual(good)
    const read = header && decodeClipIndex(index, header)
    expect([...(read?.lengths ?? [])]).toEqual([10, 20, 30])
    expect([...(read?.checksums ?? [])]).toEqual([1, 2, 0xff_ff_ff_ff])
    expect([...(read?.times ?? [])]).toEqual([0, 0.5, 2.25])
  })

  test('times that fall, or are no numbers, are refused', () => {
    for (const times of [
      [0, 2, 1],
      [0, NaN, 1],
      [-1, 0, 1],
    ]) {
      const wrong = encodeClipIndex([10, 20, 30], [1, 2, 3], times)
      expect(decodeClipIndex(wrong, { ...good, indexChecksum: crc32(wrong) })).toBeUndefined()
    }
  })

  test('every changed byte is noticed', () => {
    const header = encodeClipHeader(good)
    for (let at = 0; at < header.length; at++) {
      const changed = Buffer.from(header)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      expect(decodeClipHeader(changed, fileBytes)).toBeUndefined()
    }
    for (let at = 0; at < index.length; at++) {
      const changed = Buffer.from(index)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      expect(decodeClipIndex(changed, good)).toBeUndefined()
    }
  })

  test('a file that was cut off or grew is refused, and so is one whose pictures do not fill it', () => {
    for (const bytes of [0, fileBytes - 1, fileBytes + 1]) {
      expect(decodeClipHeader(encodeClipHeader(good), bytes)).toBeUndefined()
    }
    expect(decodeClipHeader(Buffer.alloc(5), 5)).toBeUndefined()
    expect(decodeClipIndex(index, { ...good, indexOffset: good.indexOffset + 1 })).toBeUndefined()
    const empty = { pictures: 0, indexOffset: CLIP_HEADER_BYTES, indexChecksum: crc32(Buffer.alloc(0)) }
    expect(decodeClipHeader(encodeClipHeader(empty), CLIP_HEADER_BYTES)).toBeUndefined()
  })
})
