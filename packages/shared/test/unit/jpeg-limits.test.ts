import { describe, expect, test } from '@jest/globals'
import { refuseJpeg } from '../../src/jpeg-limits.ts'
import { readJpegOutline } from '../../src/jpeg-structure.ts'
import { encodeJpeg } from '@zcast/media'
import { segment } from '@zcast/testing/pictures/jpegs'

const SOI = Buffer.of(0xff, 0xd8)
const EOI = Buffer.of(0xff, 0xd9)

interface Claim {
  readonly width: number
  readonly height: number
  readonly scanBytes: number
  readonly frameMarker?: number
  readonly components?: number
  readonly scanComponents?: number
  readonly scans?: number
  /** Bytes that are no part of the picture. */
  readonly comment?: number
}

/** A JPEG of whole structure that says what it is asked to say. */
function claim({ width, height, scanBytes, frameMarker = 0xc0, components = 1, ...rest }: Claim): Buffer {
  const { scanComponents = components, scans = 1, comment = 0 } = rest
  const sizes = [height >> 8, height & 255, width >> 8, width & 255]
  const list = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat()
  const scanList = Array.from({ length: scanComponents }, (_, i) => [i + 1, 0]).flat()
  const scan = segment(0xda, Buffer.from([scanComponents, ...scanList, 0, 63, 0]))
  return Buffer.concat([
    SOI,
    segment(0xfe, Buffer.alloc(comment)),
    segment(frameMarker, Buffer.from([8, ...sizes, components, ...list])),
    scan,
    Buffer.alloc(scanBytes),
    ...Array.from({ length: scans - 1 }, () => scan),
    EOI,
  ])
}

function refusal(jpeg: Uint8Array): string | undefined {
  const outline = readJpegOutline(jpeg)
  if (!outline) throw new Error('the picture is broken')
  return refuseJpeg(jpeg, outline)
}

describe('refuseJpeg', () => {
  test.each([
    [16_384, 16_384, 100],
    [16_384, 16_384, 4_000_000],
    [8000, 8000, 300],
    [8000, 8000, 100_000],
    [65_535, 1000, 1000],
  ])('refuses %i x %i in %i bytes', (width, height, scanBytes) => {
    expect(refusal(claim({ width, height, scanBytes }))).toBeDefined()
  })

  test('counts only the bytes of the picture itself', () => {
    expect(refusal(claim({ width: 4000, height: 4000, scanBytes: 40_000 }))).toBeUndefined()
    expect(refusal(claim({ width: 4000, height: 4000, scanBytes: 400, comment: 60_000 }))).toBeDefined()
  })

  test('lets plain pictures through, as small as the encoders make them', async () => {
    const { default: sharp } = await import('sharp')
    for (const [width, height] of [
      [4096, 2160],
      [64, 48],
      [1, 1],
      [2000, 1],
      [1, 2000],
    ] as const) {
      const plain = (): ReturnType<typeof sharp> =>
        sharp({ create: { width, height, channels: 3, background: '#888' } })
      const encoded = [
        await plain().jpeg().toBuffer(),
        await plain().jpeg({ mozjpeg: true }).toBuffer(),
        await plain().greyscale().jpeg({ mozjpeg: true }).toBuffer(),
      ]
      for (const jpeg of encoded) expect(refusal(jpeg)).toBeUndefined()
    }
    expect(refusal(await encodeJpeg(new Uint8Array(16 * 16 * 3), 16, 16))).toBeUndefined()
  })

  test('refuses more than 100 scans, where each is a walk over the whole picture', () => {
    const size = { width: 64, height: 48, scanBytes: 100 }
    const progressive = { ...size, frameMarker: 0xc2 }
    const oneByOne = { ...size, components: 3, scanComponents: 1 }
    for (const picture of [progressive, oneByOne]) {
      expect(refusal(claim({ ...picture, scans: 100 }))).toBeUndefined()
      expect(refusal(claim({ ...picture, scans: 101 }))).toBe('it has more than 100 scans')
    }
    expect(refusal(claim({ ...size, scans: 101 }))).toBeUndefined()
  })
})
