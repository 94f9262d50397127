import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { MAX_PART_BYTES, MpjpegSplitter } from '../../../src/media/mpjpeg-splitter.ts'

/** The bytes that ffmpeg's mpjpeg muxer writes. */
function mpjpeg(pictures: readonly Uint8Array[]): Buffer {
  const parts = pictures.map((picture) => [
    Buffer.from(`Content-type: image/jpeg\r\nContent-length: ${picture.length}\r\n\r\n`),
    picture,
    Buffer.from('\r\n--ffmpeg\r\n'),
  ])
  return Buffer.concat([Buffer.from('--ffmpeg\r\n'), ...parts.flat()])
}

function splitInto(stream: Uint8Array, sizes: readonly number[]): Buffer[] {
  const splitter = new MpjpegSplitter()
  const pictures: Buffer[] = []
  let position = 0
  for (const size of [...sizes, stream.length]) {
    // The chunk's memory is reused, as a socket's is.
    const chunk = Uint8Array.from(stream.subarray(position, position + size))
    pictures.push(...splitter.push(chunk))
    chunk.fill(0)
    position = Math.min(stream.length, position + size)
  }
  expect(splitter.truncated).toBe(false)
  return pictures
}

const PICTURES = [
  Buffer.from([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]),
  // Ends of pictures, boundaries and headers inside a picture mean nothing.
  Buffer.from('\xff\xd8\xff\xd9\r\n--ffmpeg\r\nContent-length: 4\r\n\r\nabcd\xff\xd9', 'latin1'),
  Buffer.alloc(20_000, 7),
]

describe('MpjpegSplitter', () => {
  test('finds the same pictures however the stream is cut', () => {
    const stream = mpjpeg(PICTURES)
    expect(splitInto(stream, [])).toEqual(PICTURES)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 400 }), (sizes) => {
        // toEqual takes long for many bytes.
        expect(splitInto(stream, sizes).map((picture, i) => picture.equals(PICTURES[i] as Buffer))).toEqual([
          true,
          true,
          true,
        ])
      }),
      { numRuns: 50 },
    )
  })

  test('finds them byte by byte', () => {
    const small = PICTURES.slice(0, 2)
    const stream = mpjpeg(small)
    expect(
      splitInto(
        stream,
        Array.from(stream, () => 1),
      ),
    ).toEqual(small)
  })

  test('reads other headers, other cases and bare line feeds', () => {
    const text =
      '--x\nX-Time: 1\ncontent-LENGTH:3 \nContent-Type: image/jpeg\n\nabc\n--x\nContent-Length: 2\n\nde'
    expect(splitInto(Buffer.from(text), []).map(String)).toEqual(['abc', 'de'])
  })

  test('says when the stream stopped inside a picture', () => {
    const splitter = new MpjpegSplitter()
    expect(splitter.push(mpjpeg(PICTURES).subarray(0, -20))).toHaveLength(2)
    expect(splitter.truncated).toBe(true)
  })

  test.each([
    ['no boundary', 'Content-length: 3\r\n\r\nabc'],
    ['no length', '--ffmpeg\r\nContent-type: image/jpeg\r\n\r\nabc'],
    ['a length of 0', '--ffmpeg\r\nContent-length: 0\r\n\r\n'],
    ['a negative length', '--ffmpeg\r\nContent-length: -3\r\n\r\n'],
    ['a length over the limit', `--ffmpeg\r\nContent-length: ${MAX_PART_BYTES + 1}\r\n\r\n`],
    ['a length beyond all numbers', `--ffmpeg\r\nContent-length: ${'9'.repeat(400)}\r\n\r\n`],
    ['headers without end', `--ffmpeg\r\n${'X: y\r\n'.repeat(2000)}`],
    ['a line without end', 'x'.repeat(9000)],
    ['nothing but empty lines', '\r\n'.repeat(9000)],
  ])('refuses %s', (_, text) => {
    expect(() => new MpjpegSplitter().push(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'ERR_FRAME' }),
    )
  })

  test('throws nothing but its own error on hostile bytes', () => {
    const words = fc.constantFrom('--ffmpeg', '\r\n', '\n', 'Content-length: ', '5', '\r\n\r\n', '\xff\xd8')
    const stream = fc.oneof(
      fc.uint8Array(),
      fc.array(words).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    )
    fc.assert(
      fc.property(stream, (bytes) => {
        try {
          new MpjpegSplitter().push(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_FRAME' })
        }
      }),
      { numRuns: 2000 },
    )
  })
})
