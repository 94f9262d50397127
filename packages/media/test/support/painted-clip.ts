import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { alphaDecoder } from '../../src/colours/colour-corrections.ts'
import { capture } from '../../src/capture/capture.ts'
import { findFfmpeg, type Ffmpeg } from '../../src/ffmpeg/find-ffmpeg.ts'
import { decodeJpeg } from '../../src/jpeg/jpeg.ts'
import type { RawPicture } from '../../src/jpeg/raw-picture.ts'
import { openMjpegStream } from '../../src/clip/mjpeg-stream.ts'
import { pictureFilters } from '../../src/clip/picture-filters.ts'
import { localInput, LOCAL_INPUT_OPTIONS, STREAM_INPUT } from '../../src/ffmpeg/allowed-inputs.ts'
import { probeVideo } from '../../src/probe/probe-video.ts'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'

/** Red, green, blue, and opacity; 255 where it is left out. */
export type Paint = readonly [number, number, number, number?]

const BLACK: Paint = [0, 0, 0]

/** How {@link paintClip} makes a clip. */
export interface PaintOptions {
  /** Default 160x90. */
  readonly size?: string
  /** What is done to its RGBA pixels; default nothing. */
  readonly filter?: string
  /** Codec and whatever else stands before the output. */
  readonly output: readonly string[]
}

/** Makes a clip of two pictures with the paints side by side. */
export async function paintClip(
  path: string,
  paints: readonly Paint[],
  { size = '160x90', filter = 'null', output }: PaintOptions,
): Promise<string> {
  const [width, height] = size.split('x').map(Number) as [number, number]
  const pixels = Buffer.alloc(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue, alpha = 255] = paints[Math.floor(((i % width) * paints.length) / width)] ?? BLACK
    pixels.set([red, green, blue, alpha], i * 4)
  }
  const raw = `${path}.rgba`
  await writeFile(raw, Buffer.concat([pixels, pixels]))
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', size, '-r', '10', '-i', raw]
  await ffmpeg(...input, '-vf', filter, ...output, path)
  probes.delete(path)
  return path
}

/** What was found out about a clip, which several readers play in several sizes. */
const probes = new Map<string, ReturnType<typeof probeVideo>>()

function probeOnce(path: string): ReturnType<typeof probeVideo> {
  const probe = probes.get(path) ?? probeVideo(path)
  probes.set(path, probe)
  return probe
}

/** The first picture of a clip, played as a file is. @param abilities - Of ffmpeg; default what it has. */
export async function fileOf(
  path: string,
  width?: number,
  abilities: Partial<Ffmpeg> = {},
): Promise<RawPicture> {
  const ffmpeg = { ...(await findFfmpeg()), ...abilities }
  const video = await probeOnce(path)
  const stream = await openMjpegStream({
    input: localInput(path),
    name: path,
    inputOptions: [...LOCAL_INPUT_OPTIONS, ...alphaDecoder(video, ffmpeg)],
    filters: pictureFilters(video, ffmpeg, { width }),
    quality: 100,
  })
  for await (const { jpeg } of stream.pictures()) if (jpeg) return decodeJpeg(jpeg)
  throw new Error('no picture')
}

/** The first picture of a clip, read as a stream of bytes is. */
export async function streamOf(path: string, width?: number): Promise<RawPicture> {
  const feed = createReadStream(path)
  const input = { ...STREAM_INPUT, name: path, feed, width }
  for await (const picture of capture(input, new AbortController().signal)) {
    if ('pixels' in picture) return picture
  }
  throw new Error('no picture')
}

/** The largest difference between a picture and what it should show, in the middle of each paint. */
export function worstError({ pixels, width, height }: RawPicture, expected: readonly Paint[]): number {
  const row = Math.floor(height / 2) * width
  const errors = expected.flatMap((paint, i) => {
    const at = (row + Math.floor(((i + 0.5) * width) / expected.length)) * 3
    return [0, 1, 2].map((channel) => Math.abs((paint[channel] ?? 0) - (pixels[at + channel] ?? 0)))
  })
  return Math.max(...errors)
}
