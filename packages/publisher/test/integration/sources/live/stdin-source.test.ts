import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Demand, type Frame } from '@zcast/shared'
import { decodeJpeg, encodeJpeg } from '@zcast/media'
import { LiveSource, type LiveOptions } from '../../../../src/sources/live/live-source.ts'
import { StdinInput } from '../../../../src/sources/live/stdin-input.ts'
import { ffmpeg, generateClip } from '../../../support/clips.ts'
import { Play } from '../../../support/play.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { solidPicture } from '../../../support/test-pictures.ts'

let folder: string
let picture: Uint8Array
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-stdin-'))
  picture = await solidPicture(0xff0000)
})
afterAll(() => rm(folder, { recursive: true }))

const open = (input: Readable, options: LiveOptions = {}, fps?: number, width?: number): LiveSource =>
  new LiveSource(new StdinInput(input, { fps, width }), options)

testSourceContract('MJPEG on standard input, paced', {
  kind: 'video',
  create: () => open(Readable.from(Array.from({ length: 200 }, () => picture)), {}, 100),
})

describe('standard input', () => {
  test('passes MJPEG on byte for byte', async () => {
    const input = new PassThrough()
    input.write(Buffer.concat([picture, picture.subarray(0, 100)]))
    const blocks = open(input).blocks(run())
    expect(((await blocks.next()).value as Frame).data).toEqual(Buffer.from(picture))
    input.write(picture.subarray(100))
    expect(((await blocks.next()).value as Frame).data).toEqual(Buffer.from(picture))
    await blocks.return(undefined)
  })

  test('passes mpjpeg on byte for byte', async () => {
    const head = Buffer.from(
      `--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${picture.length}\r\n\r\n`,
    )
    const [frame] = await take(open(Readable.from([Buffer.concat([head, picture])])), 1)
    expect((frame as Frame).data).toEqual(Buffer.from(picture))
  })

  test('decodes a container', async () => {
    const clip = await generateClip(join(folder, 'clip.mkv'), { frames: 10 })
    const frames = await take(open(createReadStream(clip)), 3)
    expect(frames[0]).toMatchObject({ width: 64, height: 48, format: 'jpeg' })
  })

  test('shows non-square pixels in their right shape, in every size', async () => {
    const output = ['-vf', 'setsar=16/11']
    const clip = await generateClip(join(folder, 'wide.mkv'), { frames: 10, output })
    const [frame] = await take(open(createReadStream(clip)), 1)
    expect(frame).toMatchObject({ width: 93, height: 48 })
    const [smaller] = await take(open(createReadStream(clip), {}, undefined, 32), 1)
    expect(smaller).toMatchObject({ width: 32, height: 17 })
  })

  test.each(['webm', 'apng', 'png'])('shows black where a %s is transparent', async (format) => {
    const path = join(folder, `hidden.${format}`)
    const codec = format === 'webm' ? ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p'] : ['-f', format]
    const output = format === 'png' ? ['-frames:v', '1', '-f', 'image2'] : ['-frames:v', '5', ...codec]
    await ffmpeg('-f', 'lavfi', '-i', 'color=yellow@0.0:s=64x48,format=rgba', ...output, path)
    const play = new Play(open(createReadStream(path), { renditions: ['24p'] }), ['', '24p'])
    const frames = await play.take(2)
    await play.end()
    for (const { data } of frames) expect(Math.max(...(await decodeJpeg(data)).pixels)).toBeLessThan(8)
    expect(frames[1]?.rendition).toBe('24p')
  })

  test('says what to do about an MP4 with its index at its end, and plays one with it at its front', async () => {
    const clip = await generateClip(join(folder, 'clip.mp4'), { frames: 10 })
    const source = new LiveSource(new StdinInput(createReadStream(clip)), { exitOnEnd: true })
    await expect(take(source, 1)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringMatching(
        /^cannot read video from standard input: the index of this MP4 is at its end.*-movflags \+faststart/,
      ),
    })
    const front = await generateClip(join(folder, 'front.mp4'), {
      frames: 10,
      output: ['-movflags', '+faststart'],
    })
    expect(await take(open(createReadStream(front)), 3)).toHaveLength(3)
  })

  test('reads nothing before somebody watches', async () => {
    const input = new PassThrough()
    input.write(picture)
    const demand = new Demand()
    const controller = new AbortController()
    const blocks = open(input).blocks({ signal: controller.signal, demand })
    const first = blocks.next()
    await new Promise(setImmediate)
    expect(input.readableLength).toBe(picture.length)
    demand.set('', true)
    expect((await first).done).toBe(false)
    controller.abort()
    expect((await blocks.next()).done).toBe(true)
  })

  test('keeps the newest picture of those that come while one is sent, and counts the others', async () => {
    const pictures = await Promise.all(
      [0x100000, 0x200000, 0x300000, 0xff0000].map((rgb) => solidPicture(rgb)),
    )
    const input = new PassThrough()
    const source = open(input)
    const blocks = source.blocks(run())
    input.write(pictures[0])
    await blocks.next()
    // The reader is busy with the first one, as a slow encoder would be.
    input.write(Buffer.concat(pictures.slice(1)))
    while (source.dropped < 2) await new Promise(setImmediate)
    const { value } = (await blocks.next()) as { value: Frame }
    expect(value.data).toEqual(Buffer.from(pictures[3] ?? ''))
    expect(source.dropped).toBe(2)
    await blocks.return(undefined)
    expect(source.dropped).toBe(2)
  })

  test('encodes anew only when another width or quality is asked for', async () => {
    const noise = new Uint8Array(64 * 48 * 3).map((_, index) => (index * 7919) % 256)
    const detailed = await encodeJpeg(noise, 64, 48, 95)
    const [smaller] = await take(open(Readable.from([detailed]), { width: 32 }), 1)
    expect(smaller).toMatchObject({ width: 32, height: 24 })
    const [coarser] = await take(open(Readable.from([detailed]), { quality: 10 }), 1)
    expect(coarser).toMatchObject({ width: 64, height: 48 })
    expect((coarser as Frame).data.length).toBeLessThan(detailed.length)
    const [same] = await take(open(Readable.from([detailed]), { width: 64 }), 1)
    expect((same as Frame).data).toEqual(Buffer.from(detailed))
  })

  test('yields the renditions that are wanted, and only those', async () => {
    const source = open(Readable.from([picture]), { renditions: ['24p'] })
    const demand = new Demand(['24p'])
    for await (const frame of source.blocks({ ...run(), demand })) {
      expect(frame).toMatchObject({ rendition: '24p', width: 32, height: 24 })
      expect((await decodeJpeg(frame.data)).height).toBe(24)
      break
    }
  })

  test('that dies leaves the publisher running: it says so once, and waits for the end', async () => {
    const input = new PassThrough()
    const log = new RecordingLog()
    const controller = new AbortController()
    const blocks = open(input, { log }).blocks(run(controller.signal))
    input.write(Buffer.concat([picture, picture.subarray(0, 50)]))
    await blocks.next()
    const waiting = blocks.next()
    input.destroy(new Error('the pipe broke'))
    expect(await log.first(1)).toEqual([
      'cannot read video from standard input: the pipe broke; nothing more can come from it, and its last picture stays',
    ])
    controller.abort()
    expect((await waiting).done).toBe(true)
  })

  test('that ends is told of, and waited with for the end', async () => {
    const log = new RecordingLog()
    const controller = new AbortController()
    const blocks = open(Readable.from([picture]), { log }).blocks(run(controller.signal))
    await blocks.next()
    const waiting = blocks.next()
    expect(await log.first(1)).toEqual([
      '"standard input" has ended; nothing more can come from it, and its last picture stays',
    ])
    controller.abort()
    expect((await waiting).done).toBe(true)
  })

  test('with exitOnEnd ends with it, and tells', async () => {
    const ends: string[] = []
    const source = open(Readable.from([picture]), {
      exitOnEnd: true,
      onEnd: (sentence) => ends.push(sentence),
    })
    expect(await take(source, 10)).toHaveLength(1)
    expect(ends).toEqual(['"standard input" has ended'])
  })

  test.each([true, false])('that gives no picture fails (exitOnEnd %s)', async (exitOnEnd) => {
    const empty = open(Readable.from([]), { exitOnEnd })
    await expect(take(empty, 1)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: '"standard input" has ended without a picture',
    })
    const broken = open(Readable.from([Buffer.from('no video at all, whatever it is')]), { exitOnEnd })
    await expect(take(broken, 1)).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })

  test('leaves out a damaged picture of many, counts and tells it', async () => {
    const log = new RecordingLog()
    const source = open(Readable.from([picture, picture.subarray(0, picture.length - 20), picture]), {
      log,
      exitOnEnd: true,
    })
    await take(source, 10)
    expect(source.badPictures).toBe(1)
    expect(log.lines).toEqual(['skipped a picture of "standard input": it is cut off'])
  })

  test('makes pixels square that are not, as a player does', async () => {
    const clip = join(folder, 'pal.ts')
    const pattern = 'testsrc=size=360x288:rate=25:duration=1'
    await ffmpeg('-f', 'lavfi', '-i', pattern, '-vf', 'setsar=16/11', '-c:v', 'libx264', clip)
    const [whole] = await take(open(createReadStream(clip)), 1)
    expect(whole).toMatchObject({ width: 524, height: 288 })
    const input = new StdinInput(createReadStream(clip), { width: 262 })
    const [half] = await take(new LiveSource(input, { width: 262 }), 1)
    expect(half).toMatchObject({ width: 262, height: 144 })
  })

  test('that holds no video fails with a sentence', async () => {
    const source = open(Readable.from([Buffer.from('this is no video, whatever you may have heard')]), {
      exitOnEnd: true,
    })
    await expect(take(source, 1)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: 'cannot capture from "standard input": Invalid data found when processing input',
    })
  })
})
