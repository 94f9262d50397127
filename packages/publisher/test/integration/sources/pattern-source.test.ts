import { describe, expect, test } from '@jest/globals'
import { readJpegSize } from '@zcast/shared/internal'
import { decodeJpeg } from '@zcast/media'
import { PatternSource } from '../../../src/sources/pattern-source.ts'
import { take, testSourceContract } from '@zcast/testing/contracts/source-contract'

testSourceContract('PatternSource', {
  kind: 'video',
  create: () => new PatternSource({ width: 160, height: 90, fps: 100 }),
  intervalSeconds: 0.01,
})

describe('PatternSource', () => {
  test('yields JPEG frames of its size, each different', async () => {
    const frames = await take(new PatternSource({ width: 321, height: 181, fps: 60 }), 4)
    const pictures = new Set<string>()
    for (const frame of frames) {
      if (frame.kind !== 'video') throw new Error('not a frame')
      expect([frame.width, frame.height, frame.format]).toEqual([321, 181, 'jpeg'])
      expect(readJpegSize(frame.data)).toEqual({ width: 321, height: 181 })
      pictures.add(Buffer.from(frame.data).toString('base64'))
    }
    expect(pictures.size).toBe(4)
  })

  test('shows the primaries at full strength', async () => {
    const [frame] = await take(new PatternSource({ quality: 95 }), 1)
    if (frame?.kind !== 'video') throw new Error('not a frame')
    const { pixels, width, height } = await decodeJpeg(frame.data)
    const bar = (i: number): number[] => {
      const at = (Math.round(height * 0.83) * width + 20 + Math.round(((i + 0.5) * (width - 40)) / 8)) * 3
      return [...pixels.subarray(at, at + 3)].map((value) => Math.round(value / 255))
    }
    const expected = ['111', '110', '011', '010', '101', '100', '001', '000']
    expect(expected.map((_, i) => bar(i).join(''))).toEqual(expected)
  })

  test('its frames are not larger than announced', async () => {
    const source = new PatternSource()
    const [frame] = await take(source, 1)
    expect(frame?.kind === 'video' && frame.data.length).toBeLessThan(source.expectedBytes)
  })

  test.each([
    { width: 10 },
    { height: 10_000 },
    { fps: 0 },
    { fps: Number.NaN },
    { quality: 0 },
    { quality: 2.5 },
  ])('refuses %j before anything starts', (options) => {
    expect(() => new PatternSource(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
