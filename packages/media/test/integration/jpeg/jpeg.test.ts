import { describe, expect, test } from '@jest/globals'
import { readJpegSize } from '@zcast/shared/internal'
import { decodeJpeg, encodeJpeg, resizeJpeg, resizeToRgb } from '../../../src/jpeg/jpeg.ts'

const WIDTH = 97
const HEIGHT = 61
const PIXELS = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) =>
  i % 3 === 0 ? (Math.floor(i / 3) % WIDTH) * 2 : i % 3 === 1 ? 200 : 40,
)
const ERR_FRAME = expect.objectContaining({ code: 'ERR_FRAME' })

describe('encodeJpeg and decodeJpeg', () => {
  test('keep size and colours, odd sizes included', async () => {
    const jpeg = await encodeJpeg(PIXELS, WIDTH, HEIGHT, 95)
    expect(readJpegSize(jpeg)).toEqual({ width: WIDTH, height: HEIGHT })
    const { pixels, width, height } = await decodeJpeg(jpeg)
    expect([width, height, pixels.length]).toEqual([WIDTH, HEIGHT, PIXELS.length])
    const worst = pixels.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (PIXELS[i] ?? 0))), 0)
    expect(worst).toBeLessThan(12)
  })

  test('a lower quality takes fewer bytes', async () => {
    const fine = await encodeJpeg(PIXELS, WIDTH, HEIGHT, 95)
    expect((await encodeJpeg(PIXELS, WIDTH, HEIGHT, 20)).length).toBeLessThan(fine.length)
  })

  test('a grey picture is decoded to RGB', async () => {
    const { default: sharp } = await import('sharp')
    const grey = await sharp(Buffer.alloc(64, 99), { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer()
    const { pixels } = await decodeJpeg(grey)
    expect(pixels).toHaveLength(8 * 8 * 3)
    expect(pixels[0]).toBe(99)
  })

  test('pixels of another length are refused', async () => {
    await expect(encodeJpeg(PIXELS.subarray(3), WIDTH, HEIGHT)).rejects.toEqual(ERR_FRAME)
  })
})

describe('untrusted pictures', () => {
  test('junk, truncated pictures and other formats are refused', async () => {
    const jpeg = await encodeJpeg(PIXELS, WIDTH, HEIGHT)
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    for (const bytes of [new Uint8Array(0), new Uint8Array(1000), jpeg.subarray(0, -10), svg]) {
      await expect(decodeJpeg(bytes)).rejects.toEqual(ERR_FRAME)
      await expect(resizeJpeg(bytes, { width: 10 })).rejects.toEqual(ERR_FRAME)
      await expect(resizeToRgb(bytes, { width: 10, height: 10 })).rejects.toEqual(ERR_FRAME)
    }
  })

  test('a picture of too many pixels is refused by its header, before it is decoded', async () => {
    const jpeg = Uint8Array.from(await encodeJpeg(PIXELS, WIDTH, HEIGHT))
    await expect(decodeJpeg(jpeg, { maxPixels: WIDTH * HEIGHT - 1 })).rejects.toEqual(ERR_FRAME)
    const header = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0)
    jpeg.set([0xff, 0xff, 0xff, 0xff], header + 5)
    await expect(decodeJpeg(jpeg)).rejects.toEqual(ERR_FRAME)
  })

  test('a picture of very many scans is refused: each costs a walk over the whole picture', async () => {
    const { default: sharp } = await import('sharp')
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
    const whole = await sharp(PIXELS, { raw }).jpeg({ progressive: true }).toBuffer()
    const scan = whole.subarray(whole.lastIndexOf(Buffer.of(0xff, 0xda)), -2)
    const repeated = (count: number): Buffer =>
      Buffer.concat([whole.subarray(0, -2), ...Array<Buffer>(count - 1).fill(scan), whole.subarray(-2)])
    await expect(decodeJpeg(repeated(1))).resolves.toMatchObject({ width: WIDTH, height: HEIGHT })
    const refusal = expect.objectContaining({
      code: 'ERR_FRAME',
      message: 'cannot decode the picture: it has more than 100 scans',
    })
    for (const decode of [decodeJpeg(repeated(101)), resizeJpeg(repeated(101), { width: 10 })])
      await expect(decode).rejects.toEqual(refusal)
  })

  test('damage inside never throws anything but ERR_FRAME', async () => {
    const jpeg = await encodeJpeg(PIXELS, WIDTH, HEIGHT)
    for (let at = 2; at < jpeg.length - 2; at += 7) {
      const damaged = Uint8Array.from(jpeg)
      damaged[at] = (damaged[at] ?? 0) ^ 0x5a
      const outcome = await decodeJpeg(damaged).catch((error: unknown) => error)
      if (!('pixels' in (outcome as object))) expect(outcome).toEqual(ERR_FRAME)
    }
  })
})

describe('resizeJpeg and resizeToRgb', () => {
  test('give the width asked for, in proportion', async () => {
    const jpeg = await encodeJpeg(PIXELS, WIDTH, HEIGHT)
    expect(readJpegSize(await resizeJpeg(jpeg, { width: 48 }))).toEqual({ width: 48, height: 30 })
    expect(readJpegSize(await resizeJpeg(jpeg, { width: 200, quality: 50 }))?.width).toBe(200)
  })

  test('give RGB of exactly the size asked for', async () => {
    const jpeg = await encodeJpeg(PIXELS, WIDTH, HEIGHT)
    expect(await resizeToRgb(jpeg, { width: 10, height: 33 })).toHaveLength(10 * 33 * 3)
  })
})
