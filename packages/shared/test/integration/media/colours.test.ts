import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../../src/media/find-ffmpeg.ts'
import { decodeJpeg, type RawPicture } from '../../../src/media/jpeg.ts'
import { openMjpegStream } from '../../../src/media/mjpeg-stream.ts'
import { pictureFilters } from '../../../src/media/picture-filters.ts'
import { localInput, probeVideo } from '../../../src/media/probe-video.ts'
import { ffmpeg } from './generate-clip.ts'

const COLOURS = ['ffffff', '000000', 'ff0000', '00ff00', '0000ff', '808080', 'ffff00', '14c896'].map(
  (hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number],
)
const LOSSLESS = ['-c:v', 'libx264', '-qp', '0']
const TAGGED_709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-colours-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A clip of two pictures with the colours side by side. */
async function makeClip(name: string, size: string, filter: string, output: string[]): Promise<string> {
  const [width, height] = size.split('x').map(Number) as [number, number]
  const pixels = Buffer.alloc(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    pixels.set(COLOURS[Math.floor(((i % width) * COLOURS.length) / width)] ?? [], i * 3)
  }
  const raw = join(folder, 'colours.rgb')
  await writeFile(raw, Buffer.concat([pixels, pixels]))
  const path = join(folder, name)
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', '10', '-i', raw]
  await ffmpeg(...input, '-vf', filter, ...output, path)
  return path
}

async function firstPicture(path: string, hasZscale: boolean, width?: number): Promise<RawPicture> {
  const ffmpeg = await findFfmpeg()
  const filters = pictureFilters(
    await probeVideo(path),
    { hasZscale: hasZscale && ffmpeg.hasZscale },
    { width },
  )
  const stream = await openMjpegStream({ input: localInput(path), name: path, filters, quality: 100 })
  for await (const picture of stream.pictures()) return decodeJpeg(picture)
  throw new Error('no picture')
}

/** The largest error of a colour in the middle of its field. */
function worstError({ pixels, width, height }: RawPicture): number {
  const row = Math.floor(height / 2) * width
  const errors = COLOURS.flatMap((colour, i) => {
    const at = (row + Math.floor(((i + 0.5) * width) / COLOURS.length)) * 3
    return colour.map((value, channel) => Math.abs(value - (pixels[at + channel] ?? 0)))
  })
  return Math.max(...errors)
}

const LIMITED_601 = 'scale=out_color_matrix=bt601:out_range=tv'
const LIMITED_709 = 'scale=out_color_matrix=bt709:out_range=tv'

describe.each([
  ['zscale', true],
  ['scale', false],
])('the colours of a clip, by way of %s', (_, hasZscale) => {
  test.each<[string, string, string, string, string[]]>([
    ['untagged, limited', 'a.mp4', '160x90', `${LIMITED_601},format=yuv420p`, LOSSLESS],
    ['BT.709, limited', 'b.mp4', '160x90', `${LIMITED_709},format=yuv420p`, [...LOSSLESS, ...TAGGED_709]],
    ['BT.709, 4:4:4', 'c.mp4', '160x90', `${LIMITED_709},format=yuv444p`, [...LOSSLESS, ...TAGGED_709]],
    ['full range', 'd.mp4', '160x90', 'scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p', LOSSLESS],
    ['Motion JPEG', 'e.avi', '160x90', 'format=yuvj420p', ['-c:v', 'mjpeg', '-q:v', '2']],
    ['RGB', 'f.avi', '160x90', 'null', ['-c:v', 'png']],
    ['odd sizes', 'g.avi', '161x91', `${LIMITED_601},format=yuv420p`, ['-c:v', 'mpeg4', '-q:v', '1']],
  ])('%s: white is 255, black is 0, the primaries are themselves', async (_, name, size, filter, output) => {
    const clip = await makeClip(`${hasZscale}-${name}`, size, filter, output)
    const picture = await firstPicture(clip, hasZscale)
    expect(`${picture.width}x${picture.height}`).toBe(size)
    expect(worstError(picture)).toBeLessThanOrEqual(5)

    const smaller = await firstPicture(clip, hasZscale, 80)
    expect(smaller.width).toBe(80)
    expect(worstError(smaller)).toBeLessThanOrEqual(6)
  })
})
