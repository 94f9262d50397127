import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../src/ffmpeg/find-ffmpeg.ts'
import { fileOf, paintClip, streamOf, worstError, type Paint, type PaintOptions } from './painted-clip.ts'

const PAINTS: readonly Paint[] = [
  [255, 255, 255],
  [0, 0, 0],
  [220, 0, 0],
  [0, 200, 0],
  [0, 0, 220],
  [128, 128, 128],
  [240, 240, 0],
  [20, 200, 150],
]
/** Opaque, half transparent, and a yellow that is hidden. */
const GLASS: readonly Paint[] = [
  [220, 0, 0],
  [240, 240, 240, 128],
  [255, 255, 0, 0],
  [0, 0, 220],
]
const THROUGH_GLASS: readonly Paint[] = [
  [220, 0, 0],
  [120, 120, 120],
  [0, 0, 0],
  [0, 0, 220],
]
// In HDR what is as bright as white loses a little to what is brighter, and colours at the edge of BT.709 move.
const HDR: readonly Paint[] = [
  [240, 240, 240],
  [0, 0, 0],
  [220, 0, 0],
  [128, 128, 128],
  [200, 150, 100],
]

const TOLERANCE = 7
const READERS = [
  fileOf,
  (path: string, width?: number) => fileOf(path, width, { hasZscale: false }),
  streamOf,
]
const LOSSLESS = ['-c:v', 'ffv1']
const H264 = ['-c:v', 'libx264', '-qp', '0']
const TAGGED_709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']
const LIMITED_601 = 'scale=out_color_matrix=bt601:out_range=tv'
const LIMITED_709 = 'scale=out_color_matrix=bt709:out_range=tv'
const FULL_709 = 'scale=out_color_matrix=bt709:out_range=pc'

/** How BT.709 is turned into wider colours. */
function widen(primaries: string, transfer: string, matrix: string, format: string): PaintOptions {
  const input = 'matrixin=gbr:primariesin=bt709:transferin=bt709:rangein=full'
  const output = `primaries=${primaries}:transfer=${transfer}:matrix=${matrix}:range=limited:npl=203`
  const tags = ['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', transfer]
  return {
    filter: `format=gbrp,zscale=${input}:${output},format=${format}`,
    output: [...LOSSLESS, ...tags, '-color_range', 'tv'],
  }
}

/** What colours come out as, whichever ffmpeg runs and whichever way a video comes in. */
export function describeColours(): void {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zcast-colours-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const expectColours = async (
    name: string,
    paints: readonly Paint[],
    expected: readonly Paint[],
    options: PaintOptions,
    readers = READERS,
  ): Promise<void> => {
    const clip = await paintClip(join(folder, name), paints, options)
    for (const width of [undefined, 80]) {
      for (const read of readers) {
        const picture = await read(clip, width)
        expect(`${picture.width}x${picture.height}`).toBe(width === undefined ? '160x90' : '80x45')
        expect(worstError(picture, expected)).toBeLessThanOrEqual(TOLERANCE)
      }
    }
  }

  test.each<[string, string, string, string[]]>([
    ['untagged', 'a.mkv', `${LIMITED_601},format=yuv420p`, H264],
    ['untagged, 4:2:2 of 10 bits', 'b.mkv', `${LIMITED_601},format=yuv422p10le`, LOSSLESS],
    ['BT.709', 'c.mkv', `${LIMITED_709},format=yuv420p`, [...H264, ...TAGGED_709]],
    ['BT.709, 4:4:4 of 10 bits', 'd.mkv', `${LIMITED_709},format=yuv444p10le`, [...LOSSLESS, ...TAGGED_709]],
    [
      'BT.709 of full range',
      'e.mkv',
      `${FULL_709},format=yuv420p`,
      [...H264, ...TAGGED_709, '-color_range', 'pc'],
    ],
    [
      "BT.2020's matrix alone",
      'f.mkv',
      'scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p',
      [...H264, '-colorspace', 'bt2020nc'],
    ],
    ['RGB', 'g.mkv', 'format=gbrp', LOSSLESS],
    ['RGB of 16 bits', 'h.mkv', 'format=rgb48le', LOSSLESS],
    ['a palette', 'i.mkv', 'split[a][b];[a]palettegen=max_colors=16[p];[b][p]paletteuse', ['-c:v', 'png']],
    ['Motion JPEG', 'j.avi', 'format=yuvj422p', ['-c:v', 'mjpeg', '-q:v', '1']],
    ['raw YUV', 'k.avi', `${LIMITED_601},format=yuyv422`, ['-c:v', 'rawvideo']],
  ])('%s: white is 255, black is 0, colours are themselves', async (_, name, filter, output) => {
    await expectColours(name, PAINTS, PAINTS, { filter, output })
  })

  test('odd sizes', async () => {
    const options = { size: '161x91', filter: `${LIMITED_601},format=yuv420p`, output: LOSSLESS }
    const clip = await paintClip(join(folder, 'odd-size.mkv'), PAINTS, options)
    for (const read of READERS) {
      const picture = await read(clip)
      expect(`${picture.width}x${picture.height}`).toBe('161x91')
      expect(worstError(picture, PAINTS)).toBeLessThanOrEqual(TOLERANCE)
    }
  })

  test('grey of limited range is stretched to full range, grey of full range is not', async () => {
    const grey: readonly Paint[] = [
      [0, 0, 0],
      [128, 128, 128],
      [255, 255, 255],
    ]
    const filter = "format=gray,lutyuv=y='16+val*219/255',format=gray"
    const output = [...LOSSLESS, '-color_range', 'tv']
    await expectColours('grey-limited.mkv', grey, grey, { filter, output })
    await expectColours('grey-full.mkv', grey, grey, { filter: 'format=gray', output: LOSSLESS })
  })

  test.each<[string, string, string[]]>([
    ['a VP9 WebM', 'a.webm', ['-c:v', 'libvpx-vp9', '-lossless', '1', '-pix_fmt', 'yuva420p']],
    ['a VP8 WebM', 'b.webm', ['-c:v', 'libvpx', '-b:v', '4M', '-auto-alt-ref', '0', '-pix_fmt', 'yuva420p']],
    ['ProRes 4444', 'c.mkv', ['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le']],
    ['QuickTime Animation', 'd.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb', '-movflags', 'faststart']],
    ['PNG in a movie', 'e.avi', ['-c:v', 'png', '-pix_fmt', 'rgba']],
    ['a PNG picture', 'f.png', ['-frames:v', '1', '-pix_fmt', 'rgba']],
    ['a PNG picture of 16 bits', 'g.png', ['-frames:v', '1', '-pix_fmt', 'rgba64be']],
    ['FFV1', 'h.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'yuva444p']],
  ])('what is transparent in %s becomes black', async (_, name, output) => {
    await expectColours(`glass-${name}`, GLASS, THROUGH_GLASS, { output })
  })

  test('the unused fourth byte of an uncompressed AVI hides nothing', async () => {
    const options = { output: ['-c:v', 'rawvideo', '-pix_fmt', 'bgra'] }
    const shown = GLASS.map(([red, green, blue]): Paint => [red, green, blue])
    await expectColours('unused.avi', GLASS, shown, options)
  })

  describe('wide colours', () => {
    // Only zscale can make them.
    const whenMade = async (): Promise<boolean> => {
      const { hasZscale, hasTonemap } = await findFfmpeg()
      if (!hasZscale || !hasTonemap) console.warn('skipped: this ffmpeg has no zscale')
      return hasZscale && hasTonemap
    }

    test.each<[string, string, PaintOptions]>([
      ['HLG', 'hlg.mkv', widen('bt2020', 'arib-std-b67', 'bt2020nc', 'yuv420p10le')],
      ['PQ', 'pq.mkv', widen('bt2020', 'smpte2084', 'bt2020nc', 'yuv422p10le')],
      ['SDR of BT.2020', 'sdr.mkv', widen('bt2020', 'bt2020-10', 'bt2020nc', 'yuv420p10le')],
      ['SDR of Display P3', 'p3.mkv', widen('smpte432', 'bt709', 'bt709', 'yuv444p10le')],
    ])('%s becomes BT.709', async (_, name, options) => {
      if (await whenMade()) await expectColours(name, HDR, HDR, options, [fileOf, streamOf])
    })

    test('HDR of an odd size', async () => {
      if (!(await whenMade())) return
      const options = widen('bt2020', 'arib-std-b67', 'bt2020nc', 'yuv444p10le')
      const filter = `${options.filter},scale=161:91:flags=neighbor,format=yuv420p10le`
      const clip = await paintClip(join(folder, 'odd.mkv'), HDR, { ...options, filter })
      for (const read of [fileOf, streamOf]) {
        const picture = await read(clip)
        expect(`${picture.width}x${picture.height}`).toBe('161x91')
        expect(worstError(picture, HDR)).toBeLessThanOrEqual(TOLERANCE)
      }
    })

    test('without zscale HDR is shown as it is', async () => {
      if (!(await whenMade())) return
      const options = widen('bt2020', 'arib-std-b67', 'bt2020nc', 'yuv420p10le')
      const clip = await paintClip(join(folder, 'pale.mkv'), HDR, options)
      expect(worstError(await fileOf(clip, undefined, { hasZscale: false }), HDR)).toBeGreaterThan(40)
    })
  })

  test.each([
    ['wide', '16/11', 233],
    ['narrow', '8/9', 142],
    ['unknown', '0/1', 160],
  ])('%s pixels become square', async (_, aspect, width) => {
    const options = { filter: `setsar=${aspect},format=yuv420p`, output: H264 }
    const clip = await paintClip(join(folder, `aspect-${width}.mkv`), PAINTS, options)
    for (const read of READERS) {
      const own = await read(clip)
      expect(`${own.width}x${own.height}`).toBe(`${width}x90`)
      const smaller = await read(clip, 80)
      expect(`${smaller.width}x${smaller.height}`).toBe(`80x${Math.round((90 * 80) / width)}`)
    }
  })
}
