import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Limiter } from '../../../src/voice/limiter.ts'

function pass(blocks: readonly Float32Array[]): number[] {
  const limiter = new Limiter()
  const out = blocks.flatMap((block) => [...(limiter.next(block) ?? [])])
  return [...out, ...(limiter.flush(blocks[0]?.length ?? 0) ?? [])]
}

describe('the limiter', () => {
  test('passes on what is not too loud, sample for sample', () => {
    const blocks = [Float32Array.of(1, -2, 30_000), Float32Array.of(-32_000, 5, 0), Float32Array.of(7, 7, 7)]
    expect(pass(blocks)).toEqual([1, -2, 30_000, -32_000, 5, 0, 7, 7, 7])
  })

  test('lowers everything before a peak, so that nothing is cut off, and lets it rise again slowly', () => {
    const tone = (loudness: number): Float32Array =>
      Float32Array.from({ length: 960 }, (_, index) => loudness * Math.sin(index / 10))
    const out = pass([tone(20_000), tone(90_000), tone(20_000), tone(20_000)])
    expect(Math.max(...out.map(Math.abs))).toBeLessThanOrEqual(32_001)
    const peakOf = (block: number): number =>
      Math.max(...out.slice(block * 960, (block + 1) * 960).map(Math.abs))
    expect(peakOf(0)).toBeGreaterThan(15_000)
    expect(peakOf(1)).toBeGreaterThan(28_000)
    expect(peakOf(2)).toBeLessThan(peakOf(3))
  })

  test('never exceeds 16 bits, whatever is added', () => {
    const block = fc.array(fc.float({ min: -500_000, max: 500_000, noNaN: true }), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 20 }), (blocks) => {
        const out = pass(blocks.map((samples) => Float32Array.from(samples)))
        expect(out).toHaveLength(blocks.length * 8)
        for (const sample of out) expect(Math.abs(sample)).toBeLessThanOrEqual(32_001)
      }),
    )
  })
})
