import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeVideo } from '../../../src/probe/probe-video.ts'
import { ffmpeg, generateClip, realClip } from '@zcast/testing/pictures/generate-clip'

let folder: string
let clip: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-probe-'))
  clip = await generateClip(join(folder, 'clip.mp4'), { frames: 10, rate: '30000/1001' })
})

afterAll(() => rm(folder, { recursive: true }))

describe('probeVideo', () => {
  test('says what a clip holds', async () => {
    expect(await probeVideo(clip)).toMatchObject({
      path: clip,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      width: 64,
      height: 48,
      rotation: 0,
      framesPerSecond: { numerator: 30_000, denominator: 1001 },
      constantRate: true,
    })
  })

  test('says what the real clips hold', async () => {
    const car = realClip('car-detection.mp4')
    const vtest = realClip('vtest.avi')
    if (!car || !vtest) return
    expect(await probeVideo(car)).toMatchObject({
      width: 768,
      height: 432,
      range: 'tv',
      matrix: 'smpte170m',
      framesPerSecond: { numerator: 25, denominator: 2 },
      constantRate: true,
    })
    expect(await probeVideo(vtest)).toMatchObject({
      width: 768,
      height: 576,
      duration: 79.5,
      constantRate: true,
    })
  })

  test('tells a varying rate from a constant one', async () => {
    const varying = join(folder, 'varying.mp4')
    const times = "setpts='(if(lt(N,20),N/30,20/30+(N-20)/10))/TB'"
    const options = [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=64x48:r=30,${times}`,
      '-vsync',
      'passthrough',
      '-frames:v',
      '60',
    ]
    await ffmpeg(...options, varying)
    expect(await probeVideo(varying)).toMatchObject({ constantRate: false })
  })

  test('a clip that is turned when shown has the size that is shown', async () => {
    const turned = join(folder, 'turned.mp4')
    await ffmpeg('-i', clip, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned)
    const { rotation, width, height } = await probeVideo(turned)
    // ffmpeg from 5 on does not write the turn.
    expect([width, height]).toEqual(rotation % 180 === 0 ? [64, 48] : [48, 64])
  })

  test.each(['-i.mp4', 'a:b.mp4', 'http:x.mp4', '%03d.mp4', 'file name "quoted".mp4', "it's;$(id).mp4"])(
    'a file may be called %s',
    async (name) => {
      const path = join(folder, name)
      await writeFile(path, await readFile(clip))
      const before = process.cwd()
      process.chdir(folder)
      try {
        expect(await probeVideo(name)).toMatchObject({ path, width: 64 })
      } finally {
        process.chdir(before)
      }
    },
  )

  test('a missing file and a folder are told apart from a broken file', async () => {
    const missing = expect.objectContaining({ code: 'ERR_SOURCE_MISSING' })
    await expect(probeVideo(join(folder, 'none.mp4'))).rejects.toEqual(missing)
    await expect(probeVideo(join(clip, 'inside.mp4'))).rejects.toEqual(missing)
    await expect(probeVideo(folder)).rejects.toMatchObject({
      code: 'ERR_SOURCE_MISSING',
      message: `"${folder}" is a folder: give the name of a video file`,
    })
  })

  test('a name with a NUL byte, or a device, is one sentence too', async () => {
    const unreadable = expect.objectContaining({ code: 'ERR_SOURCE_UNREADABLE' })
    await expect(probeVideo('a\0b')).rejects.toEqual(unreadable)
    await expect(probeVideo('/dev/null')).rejects.toEqual(unreadable)
  })

  test('what is not a video is refused in one sentence with the reason', async () => {
    const text = join(folder, 'text.mp4')
    await writeFile(text, 'not a video\n'.repeat(100))
    await expect(probeVideo(text)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `cannot read "${text}" as a video (it is cut short, or not a video): give another file`,
    })
    const empty = join(folder, 'empty.mp4')
    await writeFile(empty, '')
    await expect(probeVideo(empty)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
  })

  test('a clip whose pictures are all broken is found out', async () => {
    const bytes = await readFile(clip)
    const data = bytes.indexOf('mdat')
    bytes.fill(0x55, data + 4, bytes.indexOf('moov') - 4)
    const broken = join(folder, 'broken.mp4')
    await writeFile(broken, bytes)
    await expect(probeVideo(broken)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
  })

  test('a clip that is cut short is told so, wherever its index is', async () => {
    const path = join(folder, 'short.mp4')
    const whole = await readFile(clip)
    await writeFile(path, whole.subarray(0, whole.lastIndexOf('moov') - 4))
    await expect(probeVideo(path)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `cannot read "${path}" as a video (it is cut short, or not a video): give another file`,
    })
    const indexed = join(folder, 'indexed.mp4')
    await ffmpeg('-i', clip, '-c', 'copy', '-movflags', '+faststart', indexed)
    const moved = await readFile(indexed)
    await writeFile(path, moved.subarray(0, moved.indexOf('mdat') + 40))
    await expect(probeVideo(path)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `cannot read "${path}" as a video (it is cut short): give another file`,
    })
  })

  test('a song is not a video, with or without a cover picture', async () => {
    const song = join(folder, 'song.mp3')
    const cover = join(folder, 'cover.png')
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32', '-frames:v', '1', cover)
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'sine=d=0.3',
      '-i',
      cover,
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'copy',
      song,
    )
    await expect(probeVideo(song)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `cannot read "${song}" as a video (it is sound, without pictures): give another file`,
    })
    const film = join(folder, 'song.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.3', film)
    await expect(probeVideo(film)).rejects.toMatchObject({
      message: `there is no video in "${film}": give a video file`,
    })
  })

  test('a playlist cannot make it open a network connection', async () => {
    const playlist = join(folder, 'list.m3u8')
    await writeFile(
      playlist,
      '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    )
    await expect(probeVideo(playlist)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
  })

  test('aborting ends it with the reason of the signal', async () => {
    const reason = { stopped: true }
    await expect(probeVideo(clip, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const probing = probeVideo(clip, { signal: controller.signal })
    controller.abort(reason)
    await expect(probing).rejects.toBe(reason)
  })
})
