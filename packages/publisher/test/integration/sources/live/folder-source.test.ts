import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { FolderInput, type FolderOptions } from '../../../../src/sources/live/folder-input.ts'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { picturesOfFolder, picturesOfPattern } from '../../../../src/sources/live/picture-files.ts'
import { parseVideoSource } from '../../../../src/sources/video-sources.ts'
import { ffmpeg } from '../../../support/clips.ts'
import { RecordingLog } from '../../../support/recording-log.ts'
import { run, take, testSourceContract } from '../../../support/source-contract.ts'
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

  test('passes over broken pictures, and says which', async () => {
    await writeFile(join(folder, '1.png'), 'no picture')
    await writeFile(join(folder, '2.jpg'), (await solidPicture(0xff0000)).subarray(0, 300))
    await put('3.jpg', 0xff0000)
    const log = new RecordingLog()
    const source = open({ loop: false, log })
    expect(await take(source, 10)).toHaveLength(1)
    expect(log.lines[0]).toMatch(/^passed over ".*1\.png": /)
    expect(log.lines[1]).toMatch(/^passed over a picture of ".*": it is not a whole JPEG picture$/)
    expect(source.badPictures).toBe(1)
  })

  test('that is empty fails with a sentence', async () => {
    await expect(take(open(), 1)).rejects.toMatchObject({
      message: expect.stringContaining('there are no pictures in'),
    })
  })

  test('with watch shows the last picture, and each new one as it comes', async () => {
    await put('1.jpg', 0xff0000)
    const last = await put('2.jpg', 0x00ff00)
    const blocks = open({ watch: true }).blocks(run())
    const first = (await blocks.next()).value as Frame
    expect(first.data).toEqual(Buffer.from(last))
    const coming = blocks.next()
    const added = await put('3.jpg', 0x0000ff)
    let { data } = (await coming).value as Frame
    // The system may tell late of the one before.
    while (!Buffer.from(added).equals(data)) ({ data } = (await blocks.next()).value as Frame)
    await blocks.return(undefined)
  })

  test('may be a pattern, with wildcards in the name only', async () => {
    await put('a1.jpg', 0xff0000)
    await put('b1.jpg', 0x00ff00)
    expect(parseVideoSource(join(folder, 'a*.jpg')).kind).toBe('live')
    const files = picturesOfPattern(join(folder, 'a?.jpg'))
    expect(['a1.jpg', 'b1.jpg', 'a12.jpg', 'a1xjpg'].filter((name) => files.matches(name))).toEqual([
      'a1.jpg',
    ])
    expect(() => picturesOfPattern('*/a.jpg')).toThrow("file's name only")
  })
})
