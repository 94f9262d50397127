import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { assertSameHoweverCut, chunkSizes, cut, splitAll, streamOf } from '@zcast/testing/pictures/chunkings'
import { FramedSplitter, MAX_FRAMED_BYTES } from '../../../../src/sources/live/framed-splitter.ts'

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
}

/** A message with an image, as protobuf writes it, behind its length. */
function framed(image: Uint8Array): Buffer {
  const message = Buffer.concat([Buffer.from([0x0a, ...varint(image.length)]), image])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}

describe('FramedSplitter', () => {
  test('finds the images that were sent, however they are cut', () => {
    const images = fc.array(fc.uint8Array({ maxLength: 300 }).map((image) => Buffer.from(image)))
    fc.assert(
      fc.property(images, chunkSizes, (list, sizes) => {
        const splitter = new FramedSplitter()
        const result = splitAll(splitter, cut(Buffer.concat(list.map(framed)), sizes))
        expect(result).toEqual({ found: list, error: undefined })
        expect(splitter.truncated).toBe(false)
      }),
    )
  })

  test('makes the same of hostile bytes however they are cut, and fails with nothing but its own error', () => {
    const words = streamOf(
      [0, 0, 0, 5],
      [0, 0, 0, 0],
      [0xff, 0xff, 0xff, 0xff],
      [0x0a, 3, 1, 2, 3],
      [0x08, 0x80, 0x80],
      [0x0b],
      [0x12, 0],
      [...framed(Buffer.from('abc'))],
    )
    assertSameHoweverCut(() => new FramedSplitter(), words, 'ERR_SOURCE_FAILED')
  })

  test('refuses a message over the limit by its length alone', () => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(MAX_FRAMED_BYTES + 1)
    expect(splitAll(new FramedSplitter(), [length])).toEqual({ found: [], error: 'ERR_SOURCE_FAILED' })
  })
})
