import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Demand, type Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { CORNERS, cornersOf, farthest, turnedQuadrants } from '@zcast/testing/pictures/jpegs'
import { FolderInput, type FolderOptions } from '../../../../src/sources/live/folder-input.ts'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { picturesOfFolder, picturesOfPattern } from '../../../../src/sources/live/picture-files.ts'
import type { Source } from '../../../../src/sources/source.ts'
import { parseVideoSource, type VideoSourceSpec } from '../../../../src/sources/video-sources.ts'
import { ffmpeg } from '../../../support/clips.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { solidPicture } from '../../../support/test-pictures.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-folder-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(name: string, rgb: number): Promise<Uint8Array> {
  const picture = await solidPicture(rgb)
  // As a camera's program should: whole at once.
  await writeFile(join(folder, `.${name}`), picture)
  await rename(join(folder, `.${name}`), join(folder, name))
  return picture
}

const open = (options: FolderOptions = {}): LiveSource =>
  new LiveSource(new FolderInput(folder, picturesOfFolder(folder), { fps: 200, ...options }), {
    exitOnEnd: true,
    log: options.log,
  })

testSourceContract('a folder of pictures', {
  kind: 'video',
  create: async () => {
    await put('1.jpg', 0xff0000)
    await put('2.jpg', 0x00ff00)
    return open()
  },
})

describe('a folder of pictures', () => {
  test('is played in the order that a person counts, byte for byte', async () => {
    const pictures = [
      await put('shot10.jpg', 0x0000ff),
      await put('shot2.jpg', 0x00ff00),
      await put('shot1.jpg', 0xff0000),
    ]
    const frames = await take(open({ loop: false }), 10)
    expect(frames.map((frame) => (frame as Frame).data)).toEqual(
      pictures.toReversed().map((data) => Buffer.from(data)),
    )
  })

  test('begins again after the last one', async () => {
    const picture = await put('1.jpg', 0xff0000)
    const frames = await take(open(), 3)
    expect(frames.map((frame) => (frame as Frame).data)).toEqual(
      [picture, picture, picture].map((data) => Buffer.from(data)),
    )
  })

  test('converts pictures of other formats', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=80x60', '-frames:v', '1', join(folder, 'a.png'))
    const [frame] = await take(open(), 1)
    expect(frame).toMatchObject({ width: 80, height: 60, format: 'jpeg' })
  })

  test('passes over what is no picture, and names each once, however often it is played', async () => {
    const good = await put('0.jpg', 0xff0000)
    await put('9.jpg', 0xff0000)
    await writeFile(join(folder, '1.png'), 'no picture')
    await writeFile(join(folder, '2.jpg'), good.subarray(0, 300))
    await writeFile(join(folder, '3.jpg'), '')
    await writeFile(join(folder, '4.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    await writeFile(join(folder, '5.jpg'), Buffer.from('\0\0\0\x18ftypheic', 'latin1'))
    await symlink('/dev/zero', join(folder, '6.jpg'))
    await symlink(folder, join(folder, '7.jpg'))
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=80x60', '-frames:v', '1', join(folder, '8.png'))
    await truncate(join(folder, '8.png'), 300)
    const log = new RecordingLog()
    expect(await take(open({ log }), 7)).toHaveLength(7)
    const reasons = [
      'it is not a picture: JPEG, PNG, WebP and GIF are read',
      'it is not a complete JPEG picture',
      'it is empty',
      'it is SVG: JPEG, PNG, WebP and GIF are read',
      'it is HEIC: JPEG, PNG, WebP and GIF are read',
      'it is not a file',
      'it is not a file',
    ]
    const lines = reasons.map((reason, i) => {
      const name = join(folder, `${i + 1}.${[0, 3].includes(i) ? 'png' : 'jpg'}`)
      return `skipped "${name}": ${reason}`
    })
    expect(log.lines.slice(0, -1)).toEqual(lines)
    expect(log.lines.at(-1)).toMatch(/^skipped ".*8\.png": cannot decode the picture: /)
  })

  test('trims and mends pictures as the world writes them, and says only what is missing', async () => {
    const picture = Buffer.from(await solidPicture(0xff0000))
    await writeFile(join(folder, '1.jpg'), Buffer.concat([picture, Buffer.from('a trailer of a phone')]))
    await writeFile(join(folder, '2.jpg'), Buffer.concat([picture.subarray(0, 2), picture]))
    await writeFile(join(folder, '3.jpg'), picture.subarray(0, -2))
    await writeFile(join(folder, '4.jpg'), Buffer.concat([picture, await solidPicture(0x00ff00)]))
    await writeFile(join(folder, '5.jpg'), picture.subarray(0, -30))
    const log = new RecordingLog()
    const frames = (await take(open({ log }), 10)) as Frame[]
    for (const [index, { data }] of frames.entries()) if (index % 5 < 4) expect(data).toEqual(picture)
    expect(frames[4]).toMatchObject({ width: 64, height: 48 })
    expect(log.lines).toEqual([`"${join(folder, '5.jpg')}" is cut short: the part that exists is shown`])
  })

  test('turns pictures upright, with an option and without, renditions too', async () => {
    for (const orientation of [2, 6, 7])
      await writeFile(join(folder, `${orientation}.jpg`), await turnedQuadrants(64, 48, orientation))
    for (const options of [{}, { width: 32 }, { quality: 90 }]) {
      const frames = (await take(open(options), 6)) as Frame[]
      for (const frame of frames) await expectUpright(frame, options.width ?? 64)
    }
    const source = new LiveSource(new FolderInput(folder, picturesOfFolder(folder)), { renditions: ['24p'] })
    const demand = new Demand(['24p'])
    for await (const frame of source.blocks({ ...run(), demand })) {
      await expectUpright(frame, 32)
      break
    }
  })

  async function expectUpright(frame: Frame, width: number): Promise<void> {
    expect(frame).toMatchObject({ width, height: width * 0.75 })
    const { pixels, ...size } = await decodeJpeg(frame.data)
    expect(size).toEqual({ width, height: width * 0.75 })
    expect(farthest(cornersOf(pixels, size.width, size.height), CORNERS)).toBeLessThan(24)
  }

  test('shows black where a picture is transparent, and all depths alike', async () => {
    const grey = (options: string): Promise<unknown> =>
      ffmpeg(
        '-f',
        'lavfi',
        '-i',
        `color=0xffff00@0.0:s=80x60,format=rgba`,
        '-frames:v',
        '1',
        ...options.split(' '),
      )
    await grey(`-pix_fmt rgba ${join(folder, '1.png')}`)
    await grey(`-pix_fmt rgb48be ${join(folder, '2.png')}`)
    const frames = (await take(open(), 2)) as Frame[]
    const colours = await Promise.all(
      frames.map(async ({ data }) => Array.from((await decodeJpeg(data)).pixels.subarray(0, 3))),
    )
    expect(
      farthest(colours, [
        [0, 0, 0],
        [255, 255, 0],
      ]),
    ).toBeLessThan(6)
  })

  test('encodes a picture of another format once, and anew when it changes', async () => {
    const path = join(folder, 'a.png')
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=80x60', '-frames:v', '1', path)
    // What was written just now is not kept: it may change unseen.
    await utimes(path, 1000, 1000)
    const blocks = open().blocks(run())
    const next = async (): Promise<Uint8Array> => ((await blocks.next()).value as Frame).data
    const first = await next()
    expect(await next()).toBe(first)
    // At once: a pass that finds it half-written finds no picture at all.
    const blue = join(await mkdtemp(join(folder, 'aside-')), 'blue.png')
    await ffmpeg('-f', 'lavfi', '-i', 'color=blue:s=80x60', '-frames:v', '1', blue)
    await rename(blue, path)
    let changed = await next()
    while (changed === first) changed = await next()
    expect((await decodeJpeg(changed)).pixels[2]).toBeGreaterThan(200)
    await blocks.return(undefined)
  })

  test('that holds nothing that is read says what it holds', async () => {
    for (const name of ['a.HEIC', 'b.HEIC', 'c.bmp', 'd.jp2']) await writeFile(join(folder, name), 'x')
    const opening = parseVideoSource(folder) as Extract<VideoSourceSpec, { kind: 'live' }>
    await expect(opening.open({})).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message:
        `there are no pictures in "${folder}": it holds 2 .HEIC, 1 .bmp, 1 .jp2; JPEG, PNG, WebP and GIF are read, ` +
        'and a video file is given by its own name',
    })
  })

  test('says once which other pictures lie beside those that it shows', async () => {
    await put('1.jpg', 0xff0000)
    for (const name of ['a.HEIC', 'b.tif', 'notes.txt']) await writeFile(join(folder, name), 'x')
    const log = new RecordingLog()
    await take(open({ log }), 3)
    expect(log.lines).toEqual([
      `skipped pictures in "${folder}" (1 .HEIC, 1 .tif): JPEG, PNG, WebP and GIF are read`,
    ])
  })

  test('that is empty fails with a sentence', async () => {
    await expect(take(open(), 1)).rejects.toMatchObject({
      message: expect.stringContaining('there are no pictures in'),
    })
  })

  test('takes names as they are: blanks, signs, wildcards, control characters', async () => {
    const names = ['img%03d.png', 'a b.jpg', 'ümläut 日本.jpg', '-n.jpg', 'w*?[1].jpg', 'line\nend.jpg']
    for (const name of names) await put(name, 0xff0000)
    expect(await take(open({ loop: false }), 10)).toHaveLength(names.length)
    for (const name of names) {
      const spec = parseVideoSource(join(folder, name))
      if (spec.kind !== 'live') throw new Error(`${name} is no picture`)
      expect(await take((await spec.open({ exitOnEnd: true })) as Source, 1)).toHaveLength(1)
    }
  })

  test('a GIF and an animated PNG are clips, where they are given alone', async () => {
    const make = (...options: string[]): Promise<unknown> =>
      ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=80x60:r=5', '-frames:v', '3', ...options)
    await make(join(folder, 'a.gif'))
    await make('-f', 'apng', join(folder, 'b.png'))
    await make('-update', '1', join(folder, 'c.png'))
    const kinds = ['a.gif', 'b.png', 'c.png'].map((name) => parseVideoSource(join(folder, name)).kind)
    expect(kinds).toEqual(['file', 'file', 'live'])
  })

  test('a single picture that is none is refused before anything opens', async () => {
    await writeFile(join(folder, 'a.png'), 'no picture')
    const spec = parseVideoSource(join(folder, 'a.png')) as Extract<VideoSourceSpec, { kind: 'live' }>
    await expect(spec.open({})).rejects.toMatchObject({
      message: `cannot show "${join(folder, 'a.png')}": it is not a picture: JPEG, PNG, WebP and GIF are read`,
    })
  })

  test('with watch shows the last picture, and each new one as it comes', async () => {
    await put('1.jpg', 0xff0000)
    const last = await put('2.jpg', 0x00ff00)
    const watched = watchFrames()
    expect(await watched.next()).toEqual(Buffer.from(last))
    const coming = watched.next()
    const added = await put('3.jpg', 0x0000ff)
    expect(await coming).toEqual(Buffer.from(added))
    // The same name again, and a link.
    for (const rgb of [0xffff00, 0x00ffff]) {
      const replaced = await put('3.jpg', rgb)
      expect(await watched.next()).toEqual(Buffer.from(replaced))
    }
    await link(join(folder, '1.jpg'), join(folder, '4.jpg'))
    expect(await watched.next()).toEqual(Buffer.from(await solidPicture(0xff0000)))
    await watched.close()
  })

  test('with watch waits for the rest of a picture that is being written, and says nothing', async () => {
    const log = new RecordingLog()
    const watched = watchFrames({ log })
    const pictures = [await solidPicture(0xff0000), await solidPicture(0x00ff00)]
    for (const [index, picture] of pictures.entries()) {
      const coming = watched.next()
      const path = join(folder, `${index}.jpg`)
      for (let at = 0; at < picture.length; at += 200) {
        await appendFile(path, picture.subarray(at, at + 200))
        // Longer than any pause after which it is looked at.
        await setTimeout(120)
      }
      expect(await coming).toEqual(Buffer.from(picture))
    }
    expect(log.lines).toEqual([])
    await watched.close()
  })

  test('with watch names what stays half, and shows the next', async () => {
    const log = new RecordingLog()
    const watched = watchFrames({ log, patienceMs: 50 })
    const picture = await solidPicture(0xff0000)
    const coming = watched.next()
    await writeFile(join(folder, '1.jpg'), picture.subarray(0, -20))
    expect(await log.first(1)).toEqual([`skipped "${join(folder, '1.jpg')}": it is cut short`])
    await put('2.jpg', 0xff0000)
    expect(await coming).toEqual(Buffer.from(picture))
    await watched.close()
  })

  test('with watch shows a picture without its end once it is left alone', async () => {
    const log = new RecordingLog()
    const watched = watchFrames({ log, patienceMs: 50 })
    const coming = watched.next()
    const picture = await solidPicture(0xff0000)
    await writeFile(join(folder, '1.jpg'), picture.subarray(0, -2))
    expect(await coming).toEqual(Buffer.from(picture))
    expect(log.lines).toEqual([])
    await watched.close()
  })

  test('with watch says nothing of a picture that is deleted or moved away', async () => {
    const log = new RecordingLog()
    await put('1.jpg', 0xff0000)
    const watched = watchFrames({ log, patienceMs: 1 })
    await watched.next()
    const coming = watched.next()
    await put('2.jpg', 0x00ff00)
    await rm(join(folder, '2.jpg'))
    await rename(join(folder, '1.jpg'), join(folder, 'gone'))
    const last = await put('3.jpg', 0x0000ff)
    let data = await coming
    while (!data.equals(last)) data = await watched.next()
    expect(log.lines).toEqual([])
    await watched.close()
  })

  test('with watch fails when the folder is gone', async () => {
    const inner = join(folder, 'inner')
    await mkdir(inner)
    const input = new FolderInput(inner, picturesOfFolder(inner), { watch: true })
    const pictures = input.open(new AbortController().signal)
    const coming = pictures.next()
    await writeFile(join(inner, '1.jpg'), await solidPicture(0xff0000))
    await coming
    const failing = expect(pictures.next()).rejects.toMatchObject({
      message: expect.stringMatching(
        /^cannot watch the folder ".*inner": no such file or directory \(ENOENT\)$/,
      ),
    })
    await rm(inner, { recursive: true })
    await failing
  })

  function watchFrames(options: FolderOptions = {}): { next(): Promise<Buffer>; close(): Promise<unknown> } {
    const blocks = open({ watch: true, ...options }).blocks(run())
    return {
      next: async () => Buffer.from(((await blocks.next()).value as Frame).data),
      close: () => blocks.return(undefined),
    }
  }

  test('may be a pattern, with wildcards in the name only', async () => {
    await put('a1.jpg', 0xff0000)
    await put('b1.jpg', 0x00ff00)
    expect(parseVideoSource(join(folder, 'a*.jpg')).kind).toBe('live')
    const files = picturesOfPattern(join(folder, 'a?.jpg'))
    expect(['a1.jpg', 'b1.jpg', 'a12.jpg', 'a1xjpg'].filter((name) => files.matches(name))).toEqual([
      'a1.jpg',
    ])
    expect(() => picturesOfPattern('*/a.jpg')).toThrow('only in the file name')
  })
})
