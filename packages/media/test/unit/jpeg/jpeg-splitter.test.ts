import { describe, expect, test } from '@jest/globals'
import { type JpegOutline, readJpegOutline } from '@zcast/shared/internal'
import { withHuffmanTables } from '../../../src/jpeg/huffman-tables.ts'
import { decodeJpeg, encodeJpeg } from '../../../src/jpeg/jpeg.ts'
import { JpegSplitter } from '../../../src/jpeg/jpeg-splitter.ts'
import { PpmSplitter } from '../../../src/jpeg/ppm-splitter.ts'
import { cut, splitAll } from '@zcast/testing/pictures/chunkings'

const noise = (size: number): Uint8Array =>
  new Uint8Array(size * size * 3).map((_, index) => (index * 7919) % 251)

/** A JPEG with a thumbnail, whose own end must not be taken for the picture's. */
async function withThumbnail(): Promise<Buffer> {
  const [picture, thumbnail] = [await encodeJpeg(noise(64), 64, 64), await encodeJpeg(noise(8), 8, 8)]
  const head = Buffer.of(0xff, 0xe1, (thumbnail.length + 2) >> 8, (thumbnail.length + 2) & 0xff)
  return Buffer.concat([picture.subarray(0, 2), head, thumbnail, picture.subarray(2)])
}

describe('JpegSplitter', () => {
  test.each([1, 7, 1000, 1_000_000])('finds whole pictures in chunks of %i bytes', async (size) => {
    const [first, second] = [await withThumbnail(), Buffer.from(await encodeJpeg(noise(32), 32, 32))]
    const between = Buffer.from('\r\n--boundary\r\nContent-Length: 99999\r\n\r\n')
    const stream = Buffer.concat([between, first, second, between, first, between])
    const splitter = new JpegSplitter()
    const pictures: Buffer[] = []
    for (let at = 0; at < stream.length; at += size)
      pictures.push(...splitter.push(stream.subarray(at, at + size)))
    expect(pictures).toEqual([first, second, first])
    expect(splitter.truncated).toBe(false)
  })

  test.each([1, 7, 1_000_000])(
    'leaves out only the damaged picture, and its thumbnail, in chunks of %i bytes',
    async (size) => {
      const good = await withThumbnail()
      const thumbnailEnd = good.indexOf(Buffer.of(0xff, 0xd9)) + 2
      const scan = good.lastIndexOf(Buffer.of(0xff, 0xda)) + 14
      const tables = good.indexOf(Buffer.of(0xff, 0xdb), thumbnailEnd)
      const turned = Buffer.from(good)
      turned[tables] = 0
      const damaged = [
        good.subarray(0, scan + 20),
        good.subarray(0, tables + 10),
        good.subarray(0, thumbnailEnd - 5),
        Buffer.concat([good.subarray(0, scan + 20), Buffer.of(0xff)]),
        turned,
      ]
      const part = (picture: Buffer): Buffer[] => [
        Buffer.from(`--frame\r\nContent-Length: ${picture.length}\r\n\r\n`),
        picture,
        Buffer.from('\r\n'),
      ]
      const stream = Buffer.concat([good, ...damaged.flatMap((one) => [one, good])].flatMap(part))
      const splitter = new JpegSplitter()
      const { found } = splitAll(splitter, cut(stream, [size]))
      const whole = found.filter((each) => each.subarray(-2).equals(Buffer.of(0xff, 0xd9)))
      expect(whole).toEqual(Array.from({ length: damaged.length + 1 }, () => good))
      // The first one had its tables and begin: only a decoder knows what it misses.
      expect(found.length - whole.length).toBe(1)
      expect(splitter.damaged).toBe(damaged.length - 1)
    },
  )

  test('gives what came of a picture that was cut off, and the next one, without anything in between', async () => {
    const good = Buffer.from(await encodeJpeg(noise(32), 32, 32))
    const cutOff = good.subarray(0, good.length - 30)
    const splitter = new JpegSplitter()
    expect(splitter.push(Buffer.concat([good, cutOff, good]))).toEqual([good, cutOff, good])
    expect(splitter.damaged).toBe(0)
  })

  test('takes two begins for one', async () => {
    const good = Buffer.from(await encodeJpeg(noise(32), 32, 32))
    const splitter = new JpegSplitter()
    expect(splitAll(splitter, cut(Buffer.concat([good.subarray(0, 2), good]), [1])).found).toEqual([good])
    expect(splitter.damaged).toBe(0)
  })

  test('keeps searching after damage without being led around by hostile bytes', () => {
    const hops = Buffer.alloc(8 * 1024 * 1024)
    for (let at = 0; at + 8 < hops.length; at += 8) hops.set([10, 0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0], at)
    const splitter = new JpegSplitter()
    splitter.push(Buffer.concat([Buffer.from('\n'), hops]))
    expect(splitter.damaged).toBeLessThan(300)
  })

  test('refuses what holds no picture, before one and after a damaged one', () => {
    const push =
      (...chunks: Uint8Array[]) =>
      () => {
        const splitter = new JpegSplitter()
        for (const chunk of chunks) splitter.push(chunk)
      }
    expect(push(Buffer.alloc(100_000))).toThrow('holds no JPEG pictures')
    expect(push(Buffer.of(0xff, 0xd8, 0, 0), Buffer.alloc(100_000))).toThrow('holds no JPEG pictures')
    const scan = Buffer.of(0xff, 0xd8, 0xff, 0xda, 0, 2)
    const filler = Array<Buffer>(34).fill(Buffer.alloc(1024 * 1024))
    expect(push(scan, ...filler)).toThrow('holds no JPEG pictures')
  })
})

const complete = (jpeg: Uint8Array): Uint8Array =>
  withHuffmanTables(jpeg, readJpegOutline(jpeg) as JpegOutline)

test('withHuffmanTables puts in the tables that a camera left out, and touches nothing else', async () => {
  const picture = Buffer.from(await encodeJpeg(noise(32), 32, 32))
  expect(complete(picture)).toBe(picture)
  const bare: Buffer[] = [picture.subarray(0, 2)]
  for (let at = 2; ;) {
    const end = at + 2 + picture.readUInt16BE(at + 2)
    if (picture[at + 1] !== 0xc4) bare.push(picture.subarray(at, end))
    if (picture[at + 1] === 0xda) {
      bare.push(picture.subarray(end))
      break
    }
    at = end
  }
  const completed = complete(Buffer.concat(bare))
  expect((await decodeJpeg(completed)).pixels).toEqual((await decodeJpeg(picture)).pixels)
})

describe('PpmSplitter', () => {
  test.each([1, 5, 100])('finds pictures of changing size in chunks of %i bytes', (size) => {
    const stream = Buffer.concat([Buffer.from('P6\n2 1\n255\nabcdef'), Buffer.from('P6\n1 1\n255\nxyz')])
    const splitter = new PpmSplitter()
    const pictures = []
    for (let at = 0; at < stream.length; at += size)
      pictures.push(...splitter.push(stream.subarray(at, at + size)))
    expect(pictures).toEqual([
      { width: 2, height: 1, pixels: Buffer.from('abcdef') },
      { width: 1, height: 1, pixels: Buffer.from('xyz') },
    ])
  })

  test('refuses what is not PPM, or too large', () => {
    expect(() => new PpmSplitter().push(Buffer.alloc(100, 65))).toThrow('not PPM')
    expect(() => new PpmSplitter().push(Buffer.from('P6\n99999 99999\n255\n'))).toThrow('too large')
  })
})
