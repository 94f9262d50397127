import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '@zcast/shared'
import { readJpegSize } from '@zcast/shared/internal'
import { ClipCache } from '../../../src/sources/clip/cache/clip-cache.ts'
import { VideoFileSource, type VideoFileOptions } from '../../../src/sources/video-file-source.ts'
import { changingClip } from '../../support/changing-clip.ts'
import { countTo, numbersOf, Play } from '../../support/play.ts'
import { run } from '@zcast/testing/contracts/source-contract'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-changing-'))
})

afterAll(() => rm(folder, { recursive: true }))

const PARTS = [
  { size: '64x48', frames: 6 },
  { size: '102x122', frames: 5 },
  { size: '64x48', frames: 1 },
  { size: '96x160', frames: 6 },
]

async function play(path: string, options: VideoFileOptions = {}, count = 1000): Promise<Frame[]> {
  const frames: Frame[] = []
  const source = await VideoFileSource.open(path, { loop: false, ...options })
  for await (const frame of source.blocks(run())) if (frames.push(frame) === count) break
  return frames
}

/** `6 of 64x48, 5 of 102x122`, after the sizes in the headers were found to be those of the pictures. */
function sizesOf(frames: readonly Frame[]): string {
  const runs: { size: string; count: number }[] = []
  for (const { width, height, data } of frames) {
    expect(readJpegSize(data)).toEqual({ width, height })
    const size = `${width}x${height}`
    if (runs.at(-1)?.size !== size) runs.push({ size, count: 0 })
    const last = runs.at(-1)
    if (last) last.count++
  }
  return runs.map(({ size, count }) => `${count} of ${size}`).join(', ')
}

const stepsOf = (frames: readonly Frame[]): number[] =>
  frames.slice(1).map(({ time }, index) => Math.round((time - (frames[index]?.time ?? 0)) * 1000))

describe('a clip whose pictures change their size', () => {
  test.each(['clip.mkv', 'clip.ts', 'clip.h264'])(
    '%s: each has its own, and none is missing',
    async (name) => {
      const path = await changingClip(join(folder, name), PARTS)
      const frames = await play(path, { loop: true }, 2 * 18 + 3)
      const pass = '6 of 64x48, 5 of 102x122, 1 of 64x48, 6 of 96x160'
      expect(sizesOf(frames)).toBe(`${pass}, ${pass}, 3 of 64x48`)
      expect(await numbersOf(frames)).toEqual([...countTo(18), ...countTo(18), ...countTo(3)])
    },
  )

  test('a width holds for all of them, and each keeps its proportions', async () => {
    const path = await changingClip(join(folder, 'width.mkv'), PARTS)
    const frames = await play(path, { width: 32 })
    expect(sizesOf(frames)).toBe('6 of 32x24, 5 of 32x38, 1 of 32x24, 6 of 32x53')
  })

  test('a change right after the first picture, and of each picture, is none too many', async () => {
    const parts = ['64x48', '48x64', '80x80', '64x48'].map((size) => ({ size, frames: 1 }))
    const frames = await play(await changingClip(join(folder, 'each.mkv'), parts))
    expect(sizesOf(frames)).toBe('1 of 64x48, 1 of 48x64, 1 of 80x80, 1 of 64x48')
    expect(await numbersOf(frames)).toEqual(countTo(4))
  })

  test('so are pictures whose format changes, in the same size', async () => {
    const parts = ['yuv420p', 'yuv444p', 'yuvj420p'].map((pixelFormat) => ({
      size: '64x48',
      frames: 5,
      pixelFormat,
    }))
    const frames = await play(await changingClip(join(folder, 'format.mkv'), parts))
    expect(sizesOf(frames)).toBe('15 of 64x48')
    expect((await numbersOf(frames)).slice(0, 10)).toEqual(countTo(10))
  })

  test('start may lie behind a change, and a rate may be asked for', async () => {
    const path = await changingClip(join(folder, 'start.mkv'), PARTS)
    expect(sizesOf(await play(path, { start: 0.28 }))).toBe('4 of 102x122, 1 of 64x48, 6 of 96x160')
    const frames = await play(path, { fps: 50 })
    expect(await numbersOf(frames)).toEqual(countTo(36).map((slot) => Math.floor(slot / 2)))
  })

  test('passes from the cache have the same pictures and sizes, at their times', async () => {
    const path = await changingClip(join(folder, 'cached.mkv'), PARTS)
    const cache = new ClipCache({ directory: join(folder, 'cache') })
    const first = await play(path, { loop: true, cache }, 2 * 18)
    const again = await play(path, { loop: true, cache }, 18)
    expect(sizesOf(again)).toBe(sizesOf(first.slice(0, 18)))
    expect(await numbersOf(again)).toEqual(countTo(18))
    // Never early; a busy machine may be late.
    expect(stepsOf(again).filter((step) => step < 40)).toEqual([])
  })

  test('a larger output that is wanted behind a change, in a clip from the cache, goes on there', async () => {
    const path = await changingClip(join(folder, 'resumed.mkv'), PARTS)
    const cache = new ClipCache({ directory: join(folder, 'resumed') })
    const open = (): Promise<VideoFileSource> => VideoFileSource.open(path, { renditions: ['24p'], cache })
    const filling = new Play(await open(), ['24p'])
    await filling.take(18 + 2)
    await filling.end()
    const playing = new Play(await open(), ['24p'])
    const small = await playing.take(9)
    expect(await numbersOf(small)).toEqual(countTo(9))
    playing.demand.set('', true)
    playing.demand.set('24p', false)
    const large = await playing.take(18 - 9)
    await playing.end()
    expect(await numbersOf(large)).toEqual(countTo(18).slice(9))
    expect(sizesOf(large)).toBe('2 of 102x122, 1 of 64x48, 6 of 96x160')
  })
})
