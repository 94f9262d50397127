import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readJpegSize } from '@zcast/shared/internal'
import { findFfmpeg } from '../../../src/ffmpeg/find-ffmpeg.ts'
import { decodeJpeg, encodeJpeg } from '../../../src/jpeg/jpeg.ts'
import { openMjpegStream, type MjpegStream, type MjpegStreamOptions } from '../../../src/clip/mjpeg-stream.ts'
import { pictureFilters } from '../../../src/clip/picture-filters.ts'
import { localInput } from '../../../src/ffmpeg/allowed-inputs.ts'
import { probeVideo } from '../../../src/probe/probe-video.ts'
import { frameNumber, generateClip, realClip } from '@zcast/testing/pictures/generate-clip'

let folder: string
let clip: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-mjpeg-'))
  clip = await generateClip(join(folder, 'clip.mp4'), { frames: 26 })
})

afterAll(() => rm(folder, { recursive: true }))

async function openClip(path: string, options: Partial<MjpegStreamOptions> = {}): Promise<MjpegStream> {
  const filters = pictureFilters(await probeVideo(path), await findFfmpeg())
  return openMjpegStream({ input: localInput(path), name: path, filters, quality: 80, ...options })
}

/** Pictures without end. */
async function openEndless(options: Partial<MjpegStreamOptions> = {}): Promise<MjpegStream> {
  const input = { input: 'testsrc2=s=640x360:r=1000', inputOptions: ['-f', 'lavfi'], name: 'test' }
  return openMjpegStream({ ...input, quality: 80, ...options })
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('openMjpegStream', () => {
  test('gives every picture of a clip once, in order, and leaves no process', async () => {
    const stream = await openClip(clip)
    const numbers = []
    const times = []
    for await (const { time, jpeg = new Uint8Array() } of stream.pictures()) {
      expect(readJpegSize(jpeg)).toEqual({ width: 64, height: 48 })
      numbers.push(frameNumber((await decodeJpeg(jpeg)).pixels))
      times.push(Math.round(time * 1000))
    }
    expect(numbers).toEqual(Array.from({ length: 26 }, (_, i) => i))
    expect(times).toEqual(Array.from({ length: 26 }, (_, i) => i * 40))
    expect(isRunning(stream.pid)).toBe(false)
  })

  test('gives exactly the pictures of the real clips', async () => {
    for (const [name, frames] of [
      ['vtest.avi', 795],
      ['car-detection.mp4', 377],
    ] as const) {
      const path = realClip(name)
      if (!path) return
      let count = 0
      for await (const { jpeg } of (await openClip(path)).pictures()) if (jpeg) count++
      expect(count).toBe(frames)
    }
  })

  test.each([20, 80, 95])('has the tables of libjpeg at quality %i', async (quality) => {
    const picture = await firstOf(await openClip(clip, { quality }))
    const { pixels, width, height } = await decodeJpeg(picture)
    const own = tablesOf(picture)
    const libjpeg = tablesOf(await encodeJpeg(pixels, width, height, quality))
    expect(own).toHaveLength(2)
    // But for the first divisor of each, which ffmpeg fixes.
    expect(own.map((table) => table.slice(1))).toEqual(libjpeg.map((table) => table.slice(1)))
  })

  test('leaving the loop ends the process', async () => {
    const stream = await openEndless()
    for await (const { jpeg } of stream.pictures()) {
      expect(jpeg?.length).toBeGreaterThan(0)
      break
    }
    expect(isRunning(stream.pid)).toBe(false)
  })

  test('aborting ends the loop and the process, without an error', async () => {
    const controller = new AbortController()
    const stream = await openEndless({ signal: controller.signal })
    for await (const _ of stream.pictures()) controller.abort()
    expect(isRunning(stream.pid)).toBe(false)
  })

  test('close ends a stream that nobody has read yet, and may be called twice', async () => {
    const stream = await openEndless()
    await Promise.all([stream.close(), stream.close()])
    expect(isRunning(stream.pid)).toBe(false)
    for await (const _ of stream.pictures()) throw new Error('a picture after close')
  })

  test('close ends a process that does not answer', async () => {
    const stream = await openEndless()
    process.kill(stream.pid, 'SIGSTOP')
    await stream.close()
    expect(isRunning(stream.pid)).toBe(false)
  })

  test('an abort while the process is being started is not lost', async () => {
    const controller = new AbortController()
    const opening = openEndless({ signal: controller.signal })
    setImmediate(() => controller.abort({ stopped: true }))
    const stream = await opening.catch(() => undefined)
    await stream?.close()
    expect(stream === undefined || !isRunning(stream.pid)).toBe(true)
    await expect(openEndless({ signal: controller.signal })).rejects.toEqual({ stopped: true })
  })

  test('does not run ahead of its reader', async () => {
    // Each picture is larger than the pipe.
    const stream = await openEndless({ input: 'testsrc2=s=1280x720:r=1000', quality: 100 })
    let held = 0
    const reading = (async () => {
      for await (const _ of stream.pictures()) {
        if (++held > 1) continue
        // The longer the wait, the more pictures there would be if nothing held ffmpeg back: hundreds in this time.
        await new Promise((resolve) => setTimeout(resolve, 400))
        process.kill(stream.pid, 'SIGKILL')
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    expect(held).toBeLessThan(10)
  })

  test('a failing filter is an error with its reason', async () => {
    const stream = await openClip(clip, { filters: ['nosuchfilter'] })
    await expect(readAll(stream)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringContaining('nosuchfilter'),
    })
    expect(isRunning(stream.pid)).toBe(false)
  })

  test('a process that dies in the middle is an error after the pictures before', async () => {
    const stream = await openEndless()
    let count = 0
    const reading = (async () => {
      for await (const _ of stream.pictures()) if (++count === 3) process.kill(stream.pid, 'SIGKILL')
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    expect(count).toBeGreaterThanOrEqual(3)
  })

  test('a process that dies with the whole program has not failed', async () => {
    const controller = new AbortController()
    const stream = await openEndless({ signal: controller.signal })
    for await (const _ of stream.pictures()) {
      if (!isRunning(stream.pid)) continue
      process.kill(stream.pid, 'SIGKILL')
      setTimeout(() => controller.abort(), 20)
    }
    expect(controller.signal.aborted).toBe(true)
  })

  test('a clip that is cut off gives the pictures that are left', async () => {
    const whole = await readFile(
      await generateClip(join(folder, 'whole.avi'), { frames: 26, size: '320x240' }),
    )
    const cut = join(folder, 'cut.avi')
    await writeFile(cut, whole.subarray(0, Math.floor(whole.length * 0.6)))
    const pictures = await readAll(await openClip(cut))
    expect(pictures).toBeGreaterThan(5)
    expect(pictures).toBeLessThan(26)
  })
})

async function readAll(stream: MjpegStream): Promise<number> {
  let count = 0
  for await (const _ of stream.pictures()) count++
  return count
}

async function firstOf(stream: MjpegStream): Promise<Uint8Array> {
  for await (const { jpeg } of stream.pictures()) if (jpeg) return jpeg
  throw new Error('there is no picture')
}

/** The quantization tables of a JPEG, of 8 bits each, in its own zigzag order: ITU-T T.81, B.2.4.1. */
function tablesOf(jpeg: Uint8Array): number[][] {
  const tables: number[][] = []
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda;) {
    const length = Buffer.from(jpeg).readUInt16BE(at + 2)
    if (jpeg[at + 1] === 0xdb) {
      for (let table = at + 5; table < at + 2 + length; table += 65) {
        tables.push([...jpeg.subarray(table, table + 64)])
      }
    }
    at += 2 + length
  }
  return tables
}
