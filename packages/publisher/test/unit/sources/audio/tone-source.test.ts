import { describe, expect, test } from '@jest/globals'
import type { SoundBlock } from '@zcast/shared'
import { take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { ToneSource } from '../../../../src/sources/audio/tone-source.ts'

testSourceContract('ToneSource', {
  kind: 'audio',
  create: () => new ToneSource(),
  intervalSeconds: 0.02,
})

function samplesOf(blocks: readonly SoundBlock[]): Int16Array {
  const bytes = Buffer.concat(blocks.map(({ data }) => data))
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)
}

describe('the test tone', () => {
  test('is one even sine across its messages', async () => {
    const blocks = (await take(new ToneSource({ hertz: 441.5, rate: 8000 }), 5)) as SoundBlock[]
    const samples = samplesOf(blocks)
    expect(samples).toHaveLength(800)
    const expected = Array.from(
      { length: 800 },
      (_, n) => Math.sin((2 * Math.PI * 441.5 * n) / 8000) * 0.25 * 32_767,
    )
    for (const [n, sample] of samples.entries())
      expect(Math.abs(sample - (expected[n] ?? NaN))).toBeLessThan(0.51)
  })

  test('is the same in every channel, and has as many samples as its rate', async () => {
    const [block] = (await take(new ToneSource({ rate: 44_100, channels: 2 }), 1)) as SoundBlock[]
    expect(block).toMatchObject({ rate: 44_100, channels: 2, samples: 882, format: 's16' })
    const samples = samplesOf(block ? [block] : [])
    expect(samples).toHaveLength(2 * 882)
    for (let n = 0; n < samples.length; n += 2) expect(samples[n]).toBe(samples[n + 1])
  })

  test.each([{ hertz: 0 }, { hertz: 24_001 }, { rate: 999 }, { channels: 0 }, { channels: 33 }])(
    'is refused with %j',
    (options) => {
      expect(() => new ToneSource(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    },
  )
})
