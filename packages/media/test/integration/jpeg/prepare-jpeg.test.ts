import { describe, expect, test } from '@jest/globals'
import { readJpegOutline } from '@zcast/shared/internal'
import { decodeJpeg, encodeJpeg, resizeJpeg } from '../../../src/jpeg/jpeg.ts'
import { prepareJpeg } from '../../../src/jpeg/prepare-jpeg.ts'
import {
  CORNERS,
  cornersOf,
  exifSegment,
  farthest,
  quadrants,
  turnedQuadrants,
  withSegment,
} from '@zcast/testing/pictures/jpegs'

const picture = Buffer.from(await encodeJpeg(quadrants(64, 48), 64, 48, 95))
const { default: sharp } = await import('sharp')
const raw = (): ReturnType<typeof sharp> =>
  sharp(quadrants(64, 48), { raw: { width: 64, height: 48, channels: 3 } })

// An arithmetically coded picture of 32x16, as cjpeg -arithmetic writes it.
const ARITHMETIC = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/yQARCAAQACADASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AJEw35uMpnPU4fwPFtKNXQ5VReVuTSWkgLdCUe0yjghrsYLUbVF+ex59kW1P4whDTMab4o5xpROgIMR8U7QW8yCk/9k=',
  'base64',
)

async function cornersAt(jpeg: Uint8Array): Promise<number[][]> {
  const { pixels, width, height } = await decodeJpeg(jpeg)
  return cornersOf(pixels, width, height)
}

describe('prepareJpeg', () => {
  test.each([
    ['baseline', () => Promise.resolve(picture)],
    ['progressive', () => raw().jpeg({ progressive: true }).toBuffer()],
    ['grey', () => raw().greyscale().jpeg().toBuffer()],
    ['4:4:4', () => raw().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
    ['of Display P3', () => raw().withIccProfile('p3').jpeg().toBuffer()],
    ['upright by its Exif data', () => Promise.resolve(withSegment(picture, exifSegment(1)))],
  ])('passes a picture that is %s byte for byte', async (_, make) => {
    const jpeg = await make()
    const { data, width, height } = await prepareJpeg(jpeg, {})
    expect(data).toBe(jpeg)
    expect([width, height]).toEqual([64, 48])
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'orientation %i comes out upright, its size too',
    async (orientation) => {
      const turned = await turnedQuadrants(64, 48, orientation, orientation % 2 ? 'MM' : 'II')
      for (const wishes of [{}, { width: 32 }, { quality: 90 }, { width: 64 }]) {
        const { data, width, height } = await prepareJpeg(turned, wishes)
        const expected = wishes.width === 32 ? { width: 32, height: 24 } : { width: 64, height: 48 }
        expect({ width, height }).toEqual(expected)
        const outline = readJpegOutline(data)
        expect(outline).toMatchObject({ ...expected, ...(orientation === 1 ? {} : { exif: undefined }) })
        expect(farthest(await cornersAt(data), CORNERS)).toBeLessThan(20)
      }
    },
  )

  test('inks become the same colours with an option and without, those that browsers show', async () => {
    const inks = await raw().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()
    expect(readJpegOutline(inks)?.components).toBe(4)
    const untouched = await prepareJpeg(inks, {})
    const smaller = await prepareJpeg(inks, { width: 32 })
    expect(readJpegOutline(untouched.data)?.components).toBe(3)
    expect(farthest(await cornersAt(untouched.data), await cornersAt(smaller.data))).toBeLessThan(12)
    // libvips made these inks by a profile that it left out; what remains of cyan and black is for the eye to judge.
    const { data } = await sharp(inks)
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const [cyan = 0, , , black = 0] = data
    const [red = 0] = (await cornersAt(untouched.data))[0] ?? []
    expect(Math.abs(red - ((255 - cyan) * (255 - black)) / 255)).toBeLessThan(8)
  })

  test('colours of a wide gamut become those of sRGB when they are encoded anew', async () => {
    for (const profile of ['p3', 'srgb']) {
      const wide = await raw().withIccProfile(profile).jpeg({ quality: 95 }).toBuffer()
      const { data } = await prepareJpeg(wide, { width: 32 })
      expect(readJpegOutline(data)?.hasProfile).toBe(false)
      expect(farthest(await cornersAt(data), CORNERS)).toBeLessThan(20)
    }
  })

  test('arithmetic coding, which browsers have not, becomes Huffman coding', async () => {
    const { data, width, height } = await prepareJpeg(ARITHMETIC, {})
    expect([width, height]).toEqual([32, 16])
    expect(readJpegOutline(data)?.frameMarker).toBe(0xc0)
  })

  test('cuts off what follows, and refuses what is cut short', async () => {
    expect((await prepareJpeg(Buffer.concat([picture, Buffer.alloc(50)]), {})).data).toEqual(picture)
    expect((await prepareJpeg(picture.subarray(0, -2), {})).data).toEqual(picture)
    const cutShort = prepareJpeg(picture.subarray(0, -60), {})
    await expect(cutShort).rejects.toMatchObject({ code: 'ERR_FRAME', message: 'it is cut short' })
    await expect(prepareJpeg(picture.subarray(0, 300), {})).rejects.toMatchObject({
      code: 'ERR_FRAME',
      message: 'it is not a complete JPEG picture',
    })
  })

  test.each([
    ['lossless', 0xc3, 8, 'it is a lossless or hierarchical JPEG, which viewers do not read: convert it'],
    ['of 12 bits', 0xc1, 12, 'it has 12 bits per sample, but viewers read only 8: convert it'],
  ])('refuses a picture that is %s, with a sentence', async (_, marker, precision, message) => {
    const changed = Buffer.from(picture)
    const frame = changed.indexOf(Buffer.of(0xff, 0xc0))
    changed[frame + 1] = marker
    changed[frame + 4] = precision
    await expect(prepareJpeg(changed, {})).rejects.toMatchObject({ code: 'ERR_FRAME', message })
  })
})

test('resizeJpeg turns a picture upright before it measures its width', async () => {
  const resized = await resizeJpeg(await turnedQuadrants(64, 48, 6), { width: 32 })
  expect(readJpegOutline(resized)).toMatchObject({ width: 32, height: 24 })
  expect(farthest(await cornersAt(resized), CORNERS)).toBeLessThan(20)
})

test('resizeJpeg refuses a result of too many pixels: a flat picture that is turned grows high', async () => {
  const flat = withSegment(await encodeJpeg(new Uint8Array(2000 * 16 * 3), 2000, 16), exifSegment(6))
  await expect(resizeJpeg(flat, { width: 4096 })).rejects.toMatchObject({ code: 'ERR_FRAME' })
})
