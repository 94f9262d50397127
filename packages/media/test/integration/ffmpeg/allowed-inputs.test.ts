import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createReadStream } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KEPT_STREAM_INPUT, STREAM_INPUT } from '../../../src/ffmpeg/allowed-inputs.ts'
import { capture } from '../../../src/capture/capture.ts'
import { probeVideo } from '../../../src/probe/probe-video.ts'
import { ffmpeg, generateClip } from '@zcast/testing/pictures/generate-clip'

let folder: string
let secret: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-allowed-'))
  secret = await generateClip(join(folder, 'secret.ts'), { frames: 10 })
})
afterAll(() => rm(folder, { recursive: true }))

/** How many pictures come of a file on standard input; throws what it is refused with. */
async function picturesOf(path: string, input = STREAM_INPUT): Promise<number> {
  let pictures = 0
  const options = { ...input, name: 'it', feed: createReadStream(path) }
  for await (const _ of capture(options, new AbortController().signal)) pictures++
  return pictures
}

describe('what opens other files is refused', () => {
  const list = 'it is a list of other files (concat), which is not read'
  const playlist = 'it is a playlist, which is read from http:// and https:// only'

  test.each<[string, string, (path: string) => string, string]>([
    ['an ffconcat list', 'clip.mp4', (path) => `ffconcat version 1.0\nfile '${path}'\n`, list],
    ['one with a relative name', 'clip.jpg', () => 'ffconcat version 1.0\nfile secret.ts\n', list],
    ['one with a URL', 'clip', () => "ffconcat version 1.0\nfile 'http://127.0.0.1:9/a.ts'\n", list],
    [
      'a playlist',
      'live.m3u8',
      (path) => `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${path}\n#EXT-X-ENDLIST\n`,
      playlist,
    ],
    [
      'a session description',
      'clip.mkv',
      () =>
        'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
      'it is a list of other files (sdp), which is not read',
    ],
    [
      'an index of subtitles',
      'clip.avi',
      () => '# VobSub index file, v7 (do not modify this line!)\n',
      'it is a list of other files (vobsub), which is not read',
    ],
    [
      'metadata',
      'clip.ts',
      () => ';FFMETADATA1\ntitle=x\n',
      'its format, ffmetadata, is not one that zcast reads',
    ],
  ])('%s', async (_, name, content, reason) => {
    const path = join(folder, name)
    await writeFile(path, content(secret))
    await expect(probeVideo(path)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `cannot read "${path}" as a video (${reason}): give another file`,
    })
    if (name === 'live.m3u8') return
    const refused = { code: 'ERR_SOURCE_FAILED', message: expect.stringContaining(reason) }
    await expect(picturesOf(path)).rejects.toMatchObject(refused)
    await expect(picturesOf(path, KEPT_STREAM_INPUT)).rejects.toMatchObject(refused)
  })

  test('a playlist on standard input, whatever ffmpeg thinks of its name', async () => {
    const path = join(folder, 'live')
    await writeFile(path, `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${secret}\n#EXT-X-ENDLIST\n`)
    await expect(picturesOf(path)).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })

  const testOnUnix = process.platform === 'win32' ? test.skip : test
  testOnUnix.each(['png', 'jpg'])(
    'a name with a number in it is a name like any other (%s)',
    async (format) => {
      const fitting = join(folder, `img1.${format}`)
      await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x48', '-frames:v', '1', fitting)
      const text = join(folder, `img%d.${format}`)
      await writeFile(text, 'no picture')
      await expect(probeVideo(text)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
      const picture = join(folder, `shown%03d.${format}`)
      await copyFile(fitting, picture)
      expect(await probeVideo(picture)).toMatchObject({ width: 64, height: 48 })
    },
  )

  test.each(['x%*.png', 'x.Y'])('the name %s, which stands for others as well', async (name) => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x48', '-frames:v', '1', join(folder, 'x1.png'))
    const path = join(folder, name)
    await writeFile(path, 'no picture')
    await expect(probeVideo(path)).rejects.toMatchObject({
      code: 'ERR_SOURCE_UNREADABLE',
      message: `ffmpeg would read other files for the name "${path}": rename it`,
    })
  })

  test('a codec that is not read is named', async () => {
    const path = join(folder, 'odd.mkv')
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=red:s=64x48',
      '-frames:v',
      '2',
      '-c:v',
      'snow',
      '-strict',
      '-2',
      path,
    )
    const reason = 'its codec, snow, is not one that zcast reads'
    await expect(probeVideo(path)).rejects.toMatchObject({ message: expect.stringContaining(reason) })
    await expect(picturesOf(path)).rejects.toMatchObject({ message: expect.stringContaining(reason) })
  })
})

describe('what is read', () => {
  const sound = ['-f', 'lavfi', '-i', 'sine=d=0.4', '-shortest']
  test.each<[string, string[]]>([
    ['a.mp4', [...sound, '-c:v', 'libx264', '-movflags', 'faststart']],
    ['a.mov', ['-c:v', 'mpeg4', '-movflags', 'faststart']],
    ['a.3gp', ['-c:v', 'h263', '-s', '176x144', '-movflags', 'faststart']],
    ['a.mkv', ['-c:v', 'ffv1']],
    ['a.webm', ['-c:v', 'libvpx']],
    ['a.avi', [...sound, '-c:v', 'mpeg4']],
    ['a.ts', [...sound, '-c:v', 'mpeg2video']],
    ['a.mpg', ['-c:v', 'mpeg1video']],
    ['a.flv', ['-c:v', 'flv']],
    ['a.ogv', ['-c:v', 'libtheora']],
    ['a.wmv', ['-c:v', 'wmv2']],
    ['a.mxf', ['-c:v', 'mpeg2video']],
    ['a.h264', ['-c:v', 'libx264']],
    ['a.hevc', ['-c:v', 'libx265', '-x265-params', 'log-level=0']],
    ['a.ivf', ['-c:v', 'libvpx-vp9']],
    ['a.y4m', ['-pix_fmt', 'yuv420p']],
    ['a.gif', []],
    ['a.apng', ['-f', 'apng']],
    ['a.mjpeg', ['-c:v', 'mjpeg']],
    ['a.mpjpeg', ['-c:v', 'mjpeg', '-f', 'mpjpeg']],
    ['a.png', ['-frames:v', '1']],
    ['a.jpg', ['-frames:v', '1']],
    ['a.bmp', ['-frames:v', '1']],
  ])('%s, as a file and on standard input', async (name, output) => {
    const path = join(folder, name)
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=176x144:r=25:d=0.4', ...output, '-y', path)
    expect(await probeVideo(path)).toMatchObject({ width: 176, height: 144 })
    expect(await picturesOf(path, name === 'a.apng' ? KEPT_STREAM_INPUT : STREAM_INPUT)).toBeGreaterThan(0)
  })
})
