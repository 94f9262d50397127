import { describe, expect, test } from '@jest/globals'
import { alphaDecoder, colourCorrections, colourWarning } from '../../../src/colours/colour-corrections.ts'
import type { VideoColours } from '../../../src/colours/parse-colours.ts'

const PLAIN: VideoColours = {
  container: 'matroska,webm',
  codec: 'vp9',
  pixelFormat: 'yuv420p',
  range: 'tv',
  matrix: 'bt709',
  primaries: 'bt709',
  transfer: 'bt709',
  hasAlphaLayer: false,
}
const ALL = { hasZscale: true, hasTonemap: true, hasLibvpx: true }
const HLG: VideoColours = { ...PLAIN, matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'arib-std-b67' }
const GLASS: VideoColours = { ...PLAIN, hasAlphaLayer: true }

describe('colours', () => {
  test('what nearly all videos have needs no correction, and no warning', () => {
    expect(colourCorrections(PLAIN, ALL)).toEqual([])
    expect(alphaDecoder(PLAIN, ALL)).toEqual([])
    expect(colourWarning(PLAIN, ALL, 'a.webm')).toBeUndefined()
  })

  test('an ffmpeg that cannot convert HDR is named in one sentence, and shows it as it is', () => {
    for (const [ability, filter] of [
      ['hasZscale', 'zscale'],
      ['hasTonemap', 'tonemap'],
    ] as const) {
      const ffmpeg = { ...ALL, [ability]: false }
      expect(colourCorrections(HLG, ffmpeg)).toEqual([])
      expect(colourWarning(HLG, ffmpeg, 'a.mp4')).toBe(
        `the colours of "a.mp4" (HLG) look washed out: this ffmpeg lacks the filter ${filter}, so install one that has it`,
      )
    }
    expect(colourWarning(HLG, ALL, 'a.mp4')).toBeUndefined()
  })

  test('wide colours that are not HDR need no tone mapping', () => {
    const sdr: VideoColours = { ...HLG, transfer: 'bt2020-10' }
    expect(colourCorrections(sdr, { ...ALL, hasTonemap: false }).join()).not.toContain('tonemap')
    expect(colourWarning(sdr, { ...ALL, hasTonemap: false }, 'a.mp4')).toBeUndefined()
    expect(colourWarning(sdr, { ...ALL, hasZscale: false }, 'a.mp4')).toContain('(BT.2020)')
  })

  test('HDR is made smaller before it is converted, which costs less', () => {
    expect(colourCorrections(HLG, ALL, ['640', '360'])[1]).toContain('w=640:h=360')
  })

  test('HDR that does not name its matrix and primaries has those of BT.2020', () => {
    const bare = colourCorrections({ ...HLG, matrix: undefined, primaries: undefined }, ALL).join()
    expect(bare).toContain('matrixin=bt2020nc:primariesin=bt2020')
  })

  test('the opacity of VP8 and VP9 is read by libvpx, and its lack is told', () => {
    expect(alphaDecoder(GLASS, ALL)).toEqual(['-c:v', 'libvpx-vp9'])
    expect(alphaDecoder({ ...GLASS, codec: 'vp8' }, ALL)).toEqual(['-c:v', 'libvpx'])
    expect(colourCorrections(GLASS, ALL)).toContain('premultiply=inplace=1')
    const without = { ...ALL, hasLibvpx: false }
    expect(alphaDecoder(GLASS, without)).toEqual([])
    expect(colourCorrections(GLASS, without)).toEqual([])
    expect(colourWarning(GLASS, without, 'a.webm')).toMatch(
      /^transparent parts of "a.webm" are shown as opaque: /,
    )
  })

  test('the marker of a second layer means nothing for other codecs', () => {
    expect(alphaDecoder({ ...GLASS, codec: 'av1' }, ALL)).toEqual([])
    expect(colourCorrections({ ...GLASS, codec: 'av1' }, ALL)).toEqual([])
  })
})
