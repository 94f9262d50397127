import { describe, expect, test } from '@jest/globals'
import type { VideoDescription } from '../../../src/probe/parse-probe.ts'
import { pictureFilters, pictureSize } from '../../../src/clip/picture-filters.ts'

const CLIP: VideoDescription = {
  container: 'matroska,webm',
  stream: 0,
  firstTime: 0,
  codec: 'h264',
  pixelFormat: 'yuv420p',
  range: undefined,
  matrix: undefined,
  primaries: undefined,
  transfer: undefined,
  hasAlphaLayer: false,
  rotation: 0,
  duration: 10,
  width: 640,
  height: 360,
  decodedWidth: 640,
  framesPerSecond: { numerator: 25, denominator: 1 },
  constantRate: true,
}
const WITH = { hasZscale: true, hasTonemap: true, hasLibvpx: true }
const WITHOUT = { ...WITH, hasZscale: false }

describe('pictureFilters', () => {
  test('a clip of limited range is stretched to full range', () => {
    expect(pictureFilters(CLIP, WITH)).toEqual(['zscale=rangein=limited:range=full', 'format=yuv420p'])
    expect(pictureFilters(CLIP, WITHOUT).join()).toBe(
      'scale=in_range=tv:in_color_matrix=bt601:out_range=pc:out_color_matrix=bt601,format=yuvj420p',
    )
  })

  test('a clip of full range keeps it', () => {
    const full = pictureFilters({ ...CLIP, range: 'pc', pixelFormat: 'yuvj420p' }, WITH).join()
    expect(full).toContain('in_range=pc')
    expect(full).toContain('out_range=pc')
  })

  test('the matrix is converted where the clip names another than BT.601', () => {
    expect(pictureFilters({ ...CLIP, matrix: 'bt709' }, WITH)[0]).toContain('matrixin=709:matrix=170m')
    expect(pictureFilters({ ...CLIP, matrix: 'smpte170m' }, WITH)[0]).not.toContain('matrix')
    expect(pictureFilters({ ...CLIP, matrix: 'bt2020nc' }, WITH)[0]).toContain('in_color_matrix=bt2020')
  })

  test('odd sizes are left to scale, which takes them', () => {
    expect(pictureFilters({ ...CLIP, width: 641, decodedWidth: 641 }, WITH)[0]).toMatch(/^scale=/)
    expect(pictureFilters(CLIP, WITH, { width: 321 })[0]).toMatch(/^scale=w=321:h=181:/)
  })

  test('the height follows the width, and is at least 1', () => {
    expect(pictureSize(CLIP)).toEqual({ width: 640, height: 360 })
    expect(pictureSize(CLIP, 333)).toEqual({ width: 333, height: 187 })
    expect(pictureSize({ ...CLIP, height: 1 }, 16)).toEqual({ width: 16, height: 1 })
  })
})
