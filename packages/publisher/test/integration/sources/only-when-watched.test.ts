import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Frame, isRejection, MsgpackCodec } from '@zcast/shared'
import * as zmq from 'zeromq'
import { Publisher } from '../../../src/publisher.ts'
import { PatternSource } from '../../../src/sources/pattern-source.ts'
import type { Source } from '../../../src/sources/source.ts'
import { VideoFileSource } from '../../../src/sources/video-file-source.ts'
import { ffmpeg, generateClip } from '../../support/clips.ts'
import { ffmpegProcesses, countTo, numbersOf, Play } from '../../support/play.ts'

let folder: string
let clip: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-watched-'))
  clip = await generateClip(join(folder, 'clip.mp4'), { frames: 26, rate: '50' })
})

afterAll(() => rm(folder, { recursive: true }))

const SOURCES: readonly [string, () => Promise<Source>][] = [
  ['VideoFileSource', () => VideoFileSource.open(clip)],
  ['PatternSource', async () => new PatternSource({ width: 160, height: 90, fps: 50 })],
]

/** Whether a promise is still open after every turn of the event loop in which work could be done. */
async function staysOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = {}
  // Three intervals of the sources above: what runs would have yielded.
  const later = new Promise((resolve) => setTimeout(resolve, 60, open))
  return (await Promise.race([promise, later])) === open
}

describe.each(SOURCES)('%s, watched now and then', (_name, create) => {
  test('yields nothing and runs nothing until somebody watches', async () => {
    const play = new Play(await create(), [])
    const before = await ffmpegProcesses()
    const first = play.next()
    expect(await staysOpen(first)).toBe(true)
    expect(await ffmpegProcesses()).toEqual(before)
    play.demand.set('', true)
    expect((await first).width).toBeGreaterThan(0)
    await play.end()
  })

  test('goes on at its own pace after standing still, and does not make up for it', async () => {
    const play = new Play(await create())
    const [last] = (await play.take(3)).slice(-1)
    play.demand.set('', false)
    const pending = play.next()
    expect(await staysOpen(pending)).toBe(true)
    const resumed = Date.now() / 1000
    play.demand.set('', true)
    const frames = [await pending, ...(await play.take(4))]
    expect(frames[0]?.time).toBeGreaterThan(resumed - 0.002)
    expect(frames[0]?.time).toBeGreaterThan(last?.time ?? Infinity)
    for (const [i, frame] of frames.entries()) {
      const next = frames[i + 1]
      if (next) expect(next.time - frame.time).toBeGreaterThan(0.0199)
    }
    await play.end()
  })

  test('ends while it stands still', async () => {
    const play = new Play(await create(), [])
    const waiting = play.next()
    const ended = expect(waiting).rejects.toThrow('ended')
    await play.end()
    await ended
  })
})

describe('VideoFileSource, watched now and then', () => {
  test('goes on with the next picture after a short while', async () => {
    const play = new Play(await VideoFileSource.open(clip))
    const frames = await play.take(3)
    play.demand.set('', false)
    const pending = play.next()
    play.demand.set('', true)
    frames.push(await pending, ...(await play.take(4)))
    expect(await numbersOf(frames)).toEqual(countTo(8))
    await play.end()
  })

  test('after lingering ffmpeg is gone, and a looped clip begins again', async () => {
    // More than ffmpeg can hand over while nobody reads.
    const large = join(folder, 'large.mp4')
    const pictures = 'testsrc2=s=640x360:r=12'
    await ffmpeg('-f', 'lavfi', '-i', pictures, '-frames:v', '40', '-pix_fmt', 'yuv420p', large)
    const play = new Play(await VideoFileSource.open(large, { lingerMs: 0 }))
    const first = await play.take(3)
    const running = await ffmpegProcesses()
    if (process.platform === 'linux') expect(running).toHaveLength(1)
    play.demand.set('', false)
    const pending = play.next()
    while ((await ffmpegProcesses()).length > 0) await new Promise(setImmediate)
    play.demand.set('', true)
    const again = [await pending, ...(await play.take(2))]
    for (const [i, { data }] of again.entries()) expect(data).toEqual(first[i]?.data)
    await play.end()
  })

  test('after lingering a clip without loop goes on where it was', async () => {
    const long = await generateClip(join(folder, 'long.mp4'), {
      frames: 26,
      rate: '20',
      output: ['-g', '10'],
    })
    const play = new Play(await VideoFileSource.open(long, { loop: false, lingerMs: 0 }))
    const frames = await play.take(3)
    play.demand.set('', false)
    const pending = play.next()
    await staysOpen(pending)
    play.demand.set('', true)
    frames.push(await pending, ...(await play.take(22)))
    expect(await numbersOf(frames)).toEqual(countTo(26))
    await play.end()
  })
})

describe('Publisher with a source of video', () => {
  test.each(SOURCES)('%s: the first subscriber gets the first frame of all, seq 0', async (_name, create) => {
    const source = await create()
    const publisher = await Publisher.open({
      bind: ['tcp://127.0.0.1:*'],
      expectedBytes: source.expectedBytes,
    })
    const controller = new AbortController()
    const running = publisher.run(source, { stream: 'main', signal: controller.signal })
    const [endpoint = ''] = publisher.endpoints
    const frames: Frame[] = []
    expect(publisher.sent).toBe(0)
    // Plain ZeroMQ: the transport's own subscriber watches socket events, which a jest worker can set up only once.
    const socket = new zmq.Subscriber()
    socket.connect(endpoint)
    socket.subscribe('video/main')
    for await (const message of socket) {
      const envelope = new MsgpackCodec().decode(message)
      if (isRejection(envelope) || envelope.block.kind !== 'video') throw new Error('not a frame')
      if (frames.push(envelope.block) === 5) break
    }
    socket.close()
    expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
    controller.abort()
    await running
    await publisher.close()
  })

  test('always: frames are made with nobody there', async () => {
    const source = new PatternSource({ width: 160, height: 90, fps: 100, renditions: ['45p'] })
    const publisher = await Publisher.open({ bind: ['tcp://127.0.0.1:*'], expectedBytes: 10_000 })
    await publisher.run(source, { stream: 'main', always: true, maxValues: 3 })
    // Three of the stream as it is, and its rendition's before the last one.
    expect(publisher.sent).toBeGreaterThanOrEqual(5)
    await publisher.close()
  })
})
