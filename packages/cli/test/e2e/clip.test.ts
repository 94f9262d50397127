import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { decodeJpeg, probeVideo } from '@zcast/media'
import { Subscriber } from '@zcast/subscribers'
import { ffmpeg, realClip } from '../support/clips.ts'
import { peakSignalToNoise } from '../support/pictures.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** Plays a clip, and receives so many frames of it with their sequence numbers. */
async function receive(clip: string, count: number, ...args: string[]): Promise<Frame[]> {
  const publisher = bench.start(['publish', 'video', clip, '--bind', 'tcp://127.0.0.1:*', ...args])
  const connect = [await publishedAt(publisher, 'video/main')]
  await using subscriber = await Subscriber.open({ connect, topics: ['video/main'], delivery: 'all' })
  const frames: Frame[] = []
  for await (const { block } of subscriber) {
    if (block.kind === 'video') frames.push(block)
    if (frames.length === count) break
  }
  expect((await publisher.stop()).status).toBe(0)
  return frames
}

/** Decodes a clip's first frames to RGB of full range, with ffmpeg and nothing of the project's own. */
async function decodeClip(clip: string, count: number, size: number): Promise<Buffer[]> {
  const raw = bench.path('frames.rgb')
  const output = ['-frames:v', String(count), '-pix_fmt', 'rgb24', '-f', 'rawvideo', raw]
  await ffmpeg('-i', clip, '-sws_flags', 'accurate_rnd+full_chroma_int', ...output)
  const bytes = await readFile(raw)
  return Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

async function generatedClip(): Promise<string> {
  const path = bench.path('generated.mp4')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=20']
  await ffmpeg(...picture, '-frames:v', '60', '-c:v', 'libx264', '-qp', '10', '-pix_fmt', 'yuv420p', path)
  return path
}

const CLIPS: readonly [string, () => string | undefined | Promise<string>][] = [
  ['car-detection.mp4', () => realClip('car-detection.mp4')],
  ['vtest.avi', () => realClip('vtest.avi')],
  ['a generated clip', generatedClip],
]

describe('a clip that is published', () => {
  test.each(CLIPS)('arrives frame by frame as it is: %s', async (name, find) => {
    const clip = await find()
    if (clip === undefined) {
      console.log(`${name} is not compared: it is not on this machine`)
      return
    }
    const { width, height } = await probeVideo(clip)
    const frames = await receive(clip, 20)
    const last = Math.max(...frames.map(({ seq }) => seq as number))
    const expected = await decodeClip(clip, last + 2, width * height * 3)
    for (const [index, frame] of frames.entries()) {
      expect(frame).toMatchObject({ width, height, seq: (frames[0]?.seq as number) + index })
      const { pixels } = await decodeJpeg(frame.data)
      const seq = frame.seq as number
      const [same, previous, next] = [seq, seq - 1, seq + 1].map((other) => {
        const pictured = expected[other]
        return pictured === undefined ? 0 : peakSignalToNoise(pixels, pictured)
      }) as [number, number, number]
      expect(same).toBeGreaterThan(30)
      // It is this frame and none beside it.
      expect(same).toBeGreaterThan(previous)
      expect(same).toBeGreaterThan(next)
    }
  })

  test('begins again after its last frame, and counts on', async () => {
    const clip = bench.path('short.mp4')
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=20']
    await ffmpeg(...picture, '-frames:v', '10', '-c:v', 'libx264', '-qp', '10', '-pix_fmt', 'yuv420p', clip)
    const expected = await decodeClip(clip, 10, 320 * 240 * 3)
    const frames = await receive(clip, 25)
    for (const [index, { seq, data }] of frames.entries()) {
      expect(seq).toBe((frames[0]?.seq as number) + index)
      const { pixels } = await decodeJpeg(data)
      const likeness = expected.map((picture) => peakSignalToNoise(pixels, picture))
      expect(likeness.indexOf(Math.max(...likeness))).toBe((seq as number) % 10)
    }
  })

  test('comes out in full range when it is of limited range', async () => {
    const clip = bench.path('limited.mp4')
    // Black (16), white (235) and a middle grey (126) of limited range, side by side.
    const lum = "'if(lt(X,64),16,if(lt(X,128),235,126))'"
    const picture = ['-f', 'lavfi', '-i', `nullsrc=s=192x64:r=10,geq=lum=${lum}:cb=128:cr=128,format=yuv420p`]
    await ffmpeg(...picture, '-frames:v', '10', '-c:v', 'libx264', '-qp', '1', '-color_range', 'tv', clip)
    const [frame] = await receive(clip, 1)
    const { pixels, width } = await decodeJpeg((frame as Frame).data)
    const greyAt = (x: number): number => pixels[(32 * width + x) * 3] as number
    expect(greyAt(32)).toBeLessThanOrEqual(2)
    expect(greyAt(96)).toBeGreaterThanOrEqual(253)
    expect(Math.abs(greyAt(160) - 128)).toBeLessThanOrEqual(2)
  })

  test('comes in the width and at the rate asked for', async () => {
    const frames = await receive(
      await generatedClip(),
      10,
      '--width',
      '160',
      '--fps',
      '40',
      '--quality',
      '50',
    )
    let before = -1
    for (const frame of frames) {
      expect(frame).toMatchObject({ width: 160, height: 120 })
      // Frames are due at start + n / fps; a busy machine leaves some out, and sends none at another time.
      const due = (frame.time - (frames[0] as Frame).time) * 40
      expect(due).toBeCloseTo(Math.round(due), 1)
      expect(due).toBeGreaterThan(before + 0.5)
      before = due
    }
  })
})
