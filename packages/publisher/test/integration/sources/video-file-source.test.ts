import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '@zcast/shared'
import { decodeJpeg, encodeJpeg } from '@zcast/media'
import { VideoFileSource, type VideoFileOptions } from '../../../src/sources/video-file-source.ts'
import { ffmpeg, frameNumber, generateClip, generateDetailedClip } from '../../support/clips.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, testSourceContract } from '@zcast/testing/contracts/source-contract'

let folder: string
let clip: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-video-'))
  clip = await generateClip(join(folder, 'clip.mp4'), { frames: 26, rate: '50' })
})

afterAll(() => rm(folder, { recursive: true }))

testSourceContract('VideoFileSource', {
  kind: 'video',
  create: () => VideoFileSource.open(clip),
  intervalSeconds: 0.02,
})

/** The first frames of a clip, at most `count`. */
async function play(path: string, options: VideoFileOptions, count = 1000): Promise<Frame[]> {
  const frames: Frame[] = []
  const source = await VideoFileSource.open(path, options)
  for await (const frame of source.blocks(run())) if (frames.push(frame) === count) break
  return frames
}

async function numbersOf(frames: readonly Frame[]): Promise<number[]> {
  return Promise.all(frames.map(async ({ data }) => frameNumber((await decodeJpeg(data)).pixels)))
}

// Greys of its own, which a palette for all colours lacks.
const GIF_GREYS: Record<string, string[]> = { 'clip.gif': ['-pix_fmt', 'gray', '-c:v', 'gif'] }

/** Writes JPEG pictures, 25 a second, as they are. */
async function writeMotionJpeg(path: string, pictures: readonly Uint8Array[]): Promise<void> {
  await writeFile(`${path}.mjpeg`, Buffer.concat(pictures))
  await ffmpeg('-f', 'mjpeg', '-framerate', '25', '-i', `${path}.mjpeg`, '-c', 'copy', path)
}

/** The same picture with comments of so many bytes. */
function withComments(picture: Uint8Array, bytes: number): Uint8Array {
  const comment = Buffer.alloc(2 + 65_535, 0x20)
  comment.set([0xff, 0xfe, 0xff, 0xff])
  const comments = Array.from({ length: Math.ceil(bytes / comment.length) }, () => comment)
  return Buffer.concat([picture.subarray(0, 2), ...comments, picture.subarray(2)])
}

const countTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('VideoFileSource', () => {
  test('without loop, yields every frame of the clip once, in order, and ends', async () => {
    const frames = await play(clip, { loop: false })
    expect(await numbersOf(frames)).toEqual(countTo(26))
    expect(frames[0]).toMatchObject({ kind: 'video', width: 64, height: 48, format: 'jpeg' })
  })

  test("with loop, frame k of each pass is the clip's frame k, and the pace goes on", async () => {
    // Above half a second at this rate, a pass is read anew from the file each time.
    const frames = await play(clip, { loop: true }, 26 * 3 + 5)
    expect(await numbersOf(frames)).toEqual([...countTo(26), ...countTo(26), ...countTo(26), ...countTo(5)])
    for (const [i, frame] of frames.entries()) {
      const next = frames[i + 1]
      if (next) expect(next.time - frame.time).toBeGreaterThan(0.0199)
    }
  })

  test('a clip that is cut short is played as far as it goes, pass after pass, and logged once', async () => {
    const whole = join(folder, 'whole.mp4')
    const picture = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=160x120:r=100',
      '-frames:v',
      '26',
      '-pix_fmt',
      'yuv420p',
    ]
    await ffmpeg(...picture, '-c:v', 'libx264', '-g', '5', '-movflags', '+faststart', whole)
    const path = join(folder, 'cut.mp4')
    const bytes = await readFile(whole)
    const media = bytes.indexOf('mdat') + 4
    await writeFile(path, bytes.subarray(0, media + Math.round((bytes.length - media) * 0.6)))
    const log = new RecordingLog()
    const pass = await play(path, { loop: false, log })
    expect(pass.length).toBeGreaterThan(5)
    expect(pass.length).toBeLessThan(26)
    expect(log.lines).toEqual([`"${path}" is cut short: the part that exists is played`])
    const looped = new RecordingLog()
    await play(path, { loop: true, log: looped }, pass.length * 3)
    expect(looped.lines).toEqual([`"${path}" is cut short: the part that exists is played`])
  })

  test('a clip of a few frames is played again from memory', async () => {
    const short = await generateClip(join(folder, 'short.mp4'), { frames: 3, rate: '100' })
    const frames: Frame[] = []
    const source = await VideoFileSource.open(short)
    for await (const frame of source.blocks(run())) {
      if (frames.push(frame) === 1) await rm(short)
      if (frames.length === 50) break
    }
    expect((await numbersOf(frames)).slice(0, 9)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
    expect(frames[3]?.data).toBe(frames[0]?.data)
  })

  test("fps sends so many frames a second and keeps the clip's speed", async () => {
    const half = await play(clip, { loop: false, fps: 25 })
    expect(half).toHaveLength(13)
    const numbers = await numbersOf(half)
    for (const [i, number] of numbers.entries()) if (i > 1) expect(number).toBe((numbers[i - 1] ?? 0) + 2)
    const [first = 0, second = 0] = half.map(({ time }) => time)
    expect(second - first).toBeGreaterThan(0.0399)
    expect(await play(clip, { loop: false, fps: 100 })).toHaveLength(52)
  })

  test('width makes the frames smaller, and odd sizes work', async () => {
    const [frame] = await play(clip, { width: 33 }, 1)
    expect(frame).toMatchObject({ width: 33, height: 25 })
    const odd = await generateClip(join(folder, 'odd.avi'), { frames: 3, size: '641x361' })
    expect((await play(odd, {}, 1))[0]).toMatchObject({ width: 641, height: 361 })
  })

  test('a higher quality takes more bytes', async () => {
    const path = await generateDetailedClip(join(folder, 'detailed.avi'), 1)
    const [coarse] = await play(path, { quality: 10 }, 1)
    const [fine] = await play(path, { quality: 95 }, 1)
    expect(coarse?.data.length).toBeLessThan(fine?.data.length ?? 0)
  })

  test('a file that is gone in a later pass is an error, after the frames that were read', async () => {
    const gone = await generateClip(join(folder, 'gone.mp4'), { frames: 26, rate: '40' })
    const frames: Frame[] = []
    const source = await VideoFileSource.open(gone)
    const reading = (async () => {
      for await (const frame of source.blocks(run())) if (frames.push(frame) === 1) await rm(gone)
    })()
    await expect(reading).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringContaining(`"${gone}": No such file or directory`),
    })
    expect(await numbersOf(frames)).toEqual(countTo(26))
  })

  test('a file that is something else in a later pass is an error', async () => {
    const changed = await generateClip(join(folder, 'changed.mp4'), { frames: 26, rate: '40' })
    const source = await VideoFileSource.open(changed)
    let count = 0
    const reading = (async () => {
      for await (const _ of source.blocks(run()))
        if (++count === 1) await rm(changed).then(() => writeFile(changed, 'x'))
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    expect(count).toBe(26)
  })

  test.each(['clip.mp4', 'clip.mkv', 'clip.ts', 'clip.avi', 'clip.h264', 'clip.gif'])(
    'start begins with the first picture from there on, pass after pass: %s',
    async (name) => {
      const path = await generateClip(join(folder, `start-${name}`), {
        frames: 10,
        output: GIF_GREYS[name] ?? [],
      })
      for (const start of [0.12, 0.1]) {
        const frames = await play(path, { start }, 9)
        expect([name, ...(await numbersOf(frames))]).toEqual([name, 3, 4, 5, 6, 7, 8, 9, 3, 4])
      }
    },
  )

  test('start beyond the video is told when it is opened, also where the sound goes on', async () => {
    const path = join(folder, 'sound.mp4')
    await ffmpeg('-i', clip, '-f', 'lavfi', '-i', 'sine=d=3', '-map', '0', '-map', '1', '-c:v', 'copy', path)
    const opened = await VideoFileSource.open(path, { start: 0.5 })
    expect(opened.video.duration).toBeGreaterThan(2.9)
    await expect(VideoFileSource.open(path, { start: 1.5 })).rejects.toMatchObject({
      code: 'ERR_OPTION',
      message: `start is beyond the end of the video in "${path}": begin before 1.5 s`,
    })
    await expect(VideoFileSource.open(path, { start: 9 })).rejects.toMatchObject({ code: 'ERR_OPTION' })
    const raw = await generateClip(join(folder, 'raw.h264'), { frames: 5 })
    await expect(VideoFileSource.open(raw, { start: 1 })).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })

  test('a picture of over 16 MiB is left out, counted and told of; the others keep their times', async () => {
    const picture = await encodeJpeg(new Uint8Array(64 * 48 * 3).fill(100), 64, 48)
    const path = join(folder, 'large.mkv')
    await writeMotionJpeg(path, [picture, picture, withComments(picture, 17 * 2 ** 20), picture])
    const log = new RecordingLog()
    const source = await VideoFileSource.open(path, { log, loop: false })
    const frames: Frame[] = []
    for await (const frame of source.blocks(run())) frames.push(frame)
    expect(frames).toHaveLength(3)
    expect((frames[2]?.time ?? 0) - (frames[1]?.time ?? 0)).toBeGreaterThan(0.079)
    expect(source.dropped).toBe(1)
    const sentence = 'is over 16 MiB and was left out: make them smaller with --width or --quality'
    expect(log.lines).toEqual([`a picture of "${path}" ${sentence}`])
    const looped = await VideoFileSource.open(path)
    const passes: Frame[] = []
    for await (const frame of looped.blocks(run())) if (passes.push(frame) === 9) break
    // More may have been read ahead.
    expect(looped.dropped).toBeGreaterThanOrEqual(3)
  })

  test('a clip of nothing but such pictures is an error that says what to do', async () => {
    const picture = await encodeJpeg(new Uint8Array(64 * 48 * 3).fill(100), 64, 48)
    const path = join(folder, 'huge.mkv')
    await writeMotionJpeg(path, [withComments(picture, 17 * 2 ** 20)])
    await expect(play(path, {})).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringMatching(/has no pictures that can be sent: make them smaller with --width/),
    })
  })

  test('what cannot be played is found out when it is opened', async () => {
    const missing = VideoFileSource.open(join(folder, 'none.mp4'))
    await expect(missing).rejects.toMatchObject({ code: 'ERR_SOURCE_MISSING' })
    for (const options of [{ fps: 0 }, { fps: 1000 }, { quality: 101 }, { width: 1 }, { width: 99_999 }]) {
      await expect(VideoFileSource.open(clip, options)).rejects.toMatchObject({ code: 'ERR_OPTION' })
    }
  })

  test('opening can be aborted', async () => {
    const reason = { stopped: true }
    await expect(VideoFileSource.open(clip, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
