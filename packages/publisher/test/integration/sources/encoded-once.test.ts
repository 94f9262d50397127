import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { ClipCache } from '../../../src/sources/clip/cache/clip-cache.ts'
import { PatternSource } from '../../../src/sources/pattern-source.ts'
import { VideoFileSource, type VideoFileOptions } from '../../../src/sources/video-file-source.ts'
import { ffmpeg, generateClip, realClip } from '../../support/clips.ts'
import { ffmpegProcesses, countTo, numbersOf, Play } from '../../support/play.ts'
import { take } from '@zcast/testing/contracts/source-contract'

const FRAMES = 26

let folder: string
let clip: string
let directory: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-once-'))
  // More frames than are read ahead: a pass is not over when its first frame is there. Later ones come from memory, and
  // from the cache where the source is opened again.
  clip = await generateClip(join(folder, 'clip.mp4'), { frames: FRAMES, rate: '25' })
})

beforeEach(async () => {
  directory = await mkdtemp(join(folder, 'cache-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function open(options: VideoFileOptions = {}, path = clip): Promise<VideoFileSource> {
  return VideoFileSource.open(path, { cache: new ClipCache({ directory }), ...options })
}

const same = (a: readonly Frame[], b: readonly Frame[]): void => {
  expect(a).toHaveLength(b.length)
  for (const [i, { data }] of a.entries()) expect(Buffer.from(data).equals(b[i]?.data ?? data)).toBe(true)
}

describe('a looped clip with a cache', () => {
  test('is encoded in its first pass, and replayed without ffmpeg from then on', async () => {
    const play = new Play(await open())
    const first = await play.take(FRAMES)
    const second = await play.take(FRAMES)
    const third = await play.take(FRAMES)
    expect(await ffmpegProcesses()).toEqual([])
    expect(await numbersOf(first)).toEqual(countTo(FRAMES))
    same(first, second)
    same(first, third)
    await play.end()
    expect(await readdir(directory)).toHaveLength(1)
  })

  test('is not encoded again by the next start, not even for the first frame', async () => {
    const play = new Play(await open())
    const first = await play.take(FRAMES + 1)
    await play.end()
    const again = new Play(await open())
    const frames = await again.take(FRAMES)
    expect(await ffmpegProcesses()).toEqual([])
    same(first.slice(0, FRAMES), frames)
    await again.end()
  })

  test('a first pass that is interrupted leaves nothing', async () => {
    const play = new Play(await open())
    await play.take(3)
    expect(await readdir(directory)).toHaveLength(1)
    await play.end()
    expect(await readdir(directory)).toEqual([])
  })

  test('other options, and another state of the file, are other pictures', async () => {
    const path = join(folder, 'changing.mp4')
    await writeFile(path, await readFile(clip))
    for (const options of [{}, { quality: 30 }, { width: 32 }, { start: 0.04 }]) {
      const play = new Play(await open(options, path))
      await play.take(FRAMES + 1)
      await play.end()
    }
    expect(await readdir(directory)).toHaveLength(4)
    await appendFile(path, 'x')
    const play = new Play(await open({}, path))
    await play.take(FRAMES + 1)
    await play.end()
    expect(await readdir(directory)).toHaveLength(5)
  })

  test('a file that changes while it is played is not kept under its old name', async () => {
    const path = join(folder, 'replaced.mp4')
    await writeFile(path, await readFile(clip))
    const play = new Play(await open({}, path))
    await play.take(2)
    await appendFile(path, 'x')
    await play.take(FRAMES)
    await play.end()
    expect(await readdir(directory)).toEqual([])
  })

  test('what is damaged is encoded anew, with no frame missing', async () => {
    const play = new Play(await open())
    await play.take(FRAMES + 1)
    await play.end()
    const [file = ''] = await readdir(directory)
    const bytes = await readFile(join(directory, file))
    // In the middle of the pictures; the index stays whole.
    bytes.fill(0, bytes.length / 2, bytes.length / 2 + 50)
    await writeFile(join(directory, file), bytes)
    const again = new Play(await open())
    expect(await numbersOf(await again.take(FRAMES))).toEqual(countTo(FRAMES))
    expect(await numbersOf(await again.take(FRAMES))).toEqual(countTo(FRAMES))
    await again.end()
  })

  test('without loop nothing is kept', async () => {
    await take(await open({ loop: false }), 100)
    expect(await readdir(directory)).toEqual([])
  })

  test('two players of one clip at once both show it whole', async () => {
    const plays = [new Play(await open()), new Play(await open())]
    for (const frames of await Promise.all(plays.map((play) => play.take(2 * FRAMES)))) {
      expect(await numbersOf(frames)).toEqual([...countTo(FRAMES), ...countTo(FRAMES)])
    }
    await Promise.all(plays.map((play) => play.end()))
    expect(await readdir(directory)).toHaveLength(1)
  })

  test('start begins each pass so far into the clip', async () => {
    const play = new Play(await open({ start: 0.4 }))
    expect(await numbersOf(await play.take(18))).toEqual([...countTo(FRAMES).slice(10), 10, 11])
    await play.end()
    await expect(open({ start: 60 })).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await expect(open({ start: -1 })).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })
})

describe('renditions', () => {
  test('each is made while it is wanted, from the same pictures, and is never larger than the clip', async () => {
    const play = new Play(await open({ renditions: ['16p', '24p', '100p'] }), ['', '16p', '24p', '100p'])
    const frames = await play.take(4)
    expect(frames.map(({ rendition, width, height }) => [rendition, width, height])).toEqual([
      [undefined, 64, 48],
      ['100p', 64, 48],
      ['24p', 32, 24],
      ['16p', 22, 16],
    ])
    expect(new Set(frames.map(({ time }) => time)).size).toBe(1)
    expect(frames[1]?.data).toBe(frames[0]?.data)
    expect(await numbersOf(frames)).toEqual([0, 0, 0, 0])
    play.demand.set('', false)
    play.demand.set('100p', false)
    play.demand.set('24p', false)
    expect((await play.next()).rendition).toBe('16p')
    await play.end()
  })

  test('where only a smaller one is wanted, nothing larger is made; a larger one begins at the next frame', async () => {
    const play = new Play(await open({ renditions: ['24p'], loop: false }), ['24p'])
    const small = await play.take(5)
    expect(small.map(({ rendition, height }) => `${rendition} ${height}`)).toEqual(Array(5).fill('24p 24'))
    play.demand.set('', true)
    const rest = await play.take(2 * (FRAMES - 5))
    const main = rest.filter(({ rendition }) => rendition === undefined)
    expect(await numbersOf(small)).toEqual(countTo(5))
    expect(await numbersOf(main)).toEqual(countTo(FRAMES).slice(5))
    expect(main[0]?.height).toBe(48)
    await play.end()
  })

  test('are replayed from the cache too', async () => {
    const outputs = ['', '24p']
    const play = new Play(await open({ renditions: ['24p'] }), outputs)
    const first = await play.take(2 * FRAMES)
    const second = await play.take(2 * FRAMES)
    same(first, second)
    await play.take(2)
    await play.end()
    expect(await readdir(directory)).toHaveLength(2)
    const again = new Play(await open({ renditions: ['24p'] }), ['24p'])
    same(
      first.filter(({ rendition }) => rendition === '24p'),
      await again.take(FRAMES),
    )
    expect(await ffmpegProcesses()).toEqual([])
    await again.end()
  })

  test('one that was not wanted all the time is not kept', async () => {
    const play = new Play(await open({ renditions: ['24p'] }), ['', '24p'])
    await play.take(6)
    play.demand.set('24p', false)
    await play.take(FRAMES)
    await play.end()
    expect(await readdir(directory)).toHaveLength(1)
  })

  test('a note says that one is no smaller than the clip', async () => {
    expect((await open({ renditions: ['100p', '24p'] })).notes).toEqual([expect.stringContaining('100p')])
    await expect(open({ renditions: ['24'] })).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })

  test('of the test pattern are drawn at their own size', async () => {
    const play = new Play(new PatternSource({ width: 320, height: 180, renditions: ['90p', '400p'] }), [
      '90p',
    ])
    expect(await play.next()).toMatchObject({ rendition: '90p', width: 160, height: 90 })
    play.demand.set('', true)
    play.demand.set('400p', true)
    const sizes = (await play.take(3)).map(({ rendition, height }) => [rendition, height])
    expect(sizes).toEqual([
      [undefined, 180],
      ['400p', 180],
      ['90p', 90],
    ])
    await play.end()
  })
})

describe('a clip of JPEG pictures', () => {
  /** The same pictures in several containers, and as they are. */
  async function jpegClips(): Promise<{ paths: string[]; raw: Buffer }> {
    const avi = join(folder, 'm.avi')
    const source = realClip('car-detection.mp4') ?? clip
    const encode = ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-an']
    await ffmpeg('-i', source, '-frames:v', '8', ...encode, avi)
    const paths = ['m.mkv', 'm.mov', 'm.mjpeg'].map((name) => join(folder, name))
    for (const path of paths)
      await ffmpeg('-i', avi, '-c', 'copy', ...(path.endsWith('g') ? ['-f', 'mjpeg'] : []), path)
    return { paths: [avi, ...paths], raw: await readFile(paths.at(-1) ?? '') }
  }

  test('is passed on byte for byte, whatever its container', async () => {
    const { paths, raw } = await jpegClips()
    for (const path of paths) {
      const source = await open({ loop: false }, path)
      const frames = (await take(source, 100)) as Frame[]
      expect(frames).toHaveLength(8)
      expect(Buffer.concat(frames.map(({ data }) => data)).equals(raw)).toBe(true)
      expect(source.notes).toEqual([])
    }
  })

  test('is read once, and played from memory until its file is another one', async () => {
    const {
      paths: [path = ''],
    } = await jpegClips()
    const long = join(folder, 'long.avi')
    await ffmpeg('-stream_loop', '4', '-i', path, '-c', 'copy', long)
    const play = new Play(await open({}, long))
    const first = await play.take(40)
    const second = await play.take(38)
    expect(await ffmpegProcesses()).toEqual([])
    await writeFile(long, await readFile(path))
    second.push(...(await play.take(2)))
    for (const [i, { data }] of second.entries()) expect(data).toBe(first[i]?.data)
    const third = await play.take(3)
    expect(third[0]?.data).not.toBe(first[0]?.data)
    same(third, first.slice(0, 3))
    await play.end()
    expect(await readdir(directory)).toEqual([])
  })

  test('is encoded anew where an option asks for it, and a note says so', async () => {
    const {
      paths: [path = ''],
      raw,
    } = await jpegClips()
    for (const options of [{ quality: 80 }, { width: 32 }, { fps: 5 }]) {
      const source = await open({ loop: false, ...options }, path)
      expect(source.notes).toEqual([expect.stringContaining(`because of ${Object.keys(options)[0]}`)])
      const [frame] = (await take(source, 1)) as Frame[]
      expect(raw.includes(Buffer.from(frame?.data ?? raw))).toBe(false)
    }
  })

  test('without Huffman tables gets the standard ones, and what pads a picture is left out', async () => {
    const whole = join(folder, 'whole.avi')
    const encode = '-frames:v 4 -c:v mjpeg -huffman default -q:v 2 -pix_fmt yuvj420p'.split(' ')
    await ffmpeg('-i', clip, ...encode, whole)
    const expected = (await take(await open({ loop: false }, whole), 10)) as Frame[]
    const bare = join(folder, 'bare.avi')
    await writeFile(bare, withoutTables(await readFile(whole)))
    const source = await open({ loop: false }, bare)
    const frames = (await take(source, 10)) as Frame[]
    expect(frames).toHaveLength(expected.length)
    for (const [i, { data }] of frames.entries()) {
      expect(Buffer.from(data.subarray(-2)).toString('hex')).toBe('ffd9')
      const want = await decodeJpeg(expected[i]?.data ?? data)
      expect(Buffer.from((await decodeJpeg(data)).pixels).equals(want.pixels)).toBe(true)
    }
    expect(source.notes).toEqual([])
  })
})

/** An AVI of JPEG pictures whose tables of Huffman codes are gone; each picture is padded to its old length. */
function withoutTables(avi: Buffer): Buffer {
  const out = Buffer.from(avi)
  for (
    let at = out.indexOf('00dc', out.indexOf('movi'));
    at !== -1 && at < out.lastIndexOf('idx1');
    at = out.indexOf('00dc', at)
  ) {
    const start = at + 8
    const end = start + out.readUInt32LE(at + 4)
    let from = start + 2
    while (out[from + 1] !== 0xda) {
      const length = 2 + out.readUInt16BE(from + 2)
      if (out[from + 1] !== 0xc4) from += length
      else {
        out.copy(out, from, from + length, end)
        out.fill(0, end - length, end)
      }
    }
    at = end
  }
  return out
}
