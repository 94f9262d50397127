import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClipCache } from '../../../../../src/sources/clip/cache/clip-cache.ts'
import { VideoFileSource } from '../../../../../src/sources/video-file-source.ts'
import { generateClip } from '../../../../support/clips.ts'
import { countTo, numbersOf, Play } from '../../../../support/play.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'

const DISK_BYTES = 64 * 1024
const disk = mountSmallDisk(DISK_BYTES)
const describeFull = typeof disk === 'string' ? describe.skip : describe
if (typeof disk === 'string') console.log(`a full disk is not tested: ${disk}`)
const directory = typeof disk === 'string' ? '' : join(disk.folder, 'clips')

afterEach(() => rm(directory, { recursive: true, force: true }))
afterAll(() => {
  if (typeof disk !== 'string') disk.remove()
})

const WARNING = /^cannot keep encoded clips in ".*" \(ENOSPC: .*\): each pass is re-encoded; fix that/

describeFull('a cache on a disk that is full', () => {
  test('gives a clip up that does not fit, leaves nothing of it, and warns once', async () => {
    const log = new RecordingLog()
    const cache = new ClipCache({ directory, log })
    const writer = await cache.write('a')
    const picture = new Uint8Array(10_000).fill(1)
    let added = 0
    while (await writer?.add(picture, 0)) added += 1
    expect(added).toBeGreaterThan(0)
    expect(added * picture.length).toBeLessThan(DISK_BYTES)
    expect(await writer?.commit()).toBe(false)
    expect(await readdir(directory)).toEqual([])
    expect(await cache.read('a')).toBeUndefined()
    expect(log.lines).toEqual([expect.stringMatching(WARNING)])
  })

  test('does not disturb the clip, which is played pass after pass', async () => {
    const log = new RecordingLog()
    const folder = await mkdtemp(join(tmpdir(), 'zcast-full-'))
    try {
      const clip = await generateClip(join(folder, 'clip.mp4'), { frames: 20, size: '640x480', rate: '100' })
      const cache = new ClipCache({ directory, log })
      // Its folder is there already, and so is what fills the disk.
      await (await cache.write('other'))?.abandon()
      await writeFile(join(directory, 'fill'), new Uint8Array(DISK_BYTES - 8 * 4096))
      const source = await VideoFileSource.open(clip, { loop: true, cache, log })
      const played = new Play(source)
      const frames = await played.take(50)
      await played.end()
      expect(await numbersOf(frames)).toEqual(countTo(50).map((index) => index % 20))
      expect(log.lines).toEqual([expect.stringMatching(WARNING)])
      expect(await readdir(directory)).toEqual(['fill'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
