import { describe, expect, test } from '@jest/globals'
import { Resampler } from '../../../src/audio/resampler.ts'

function tone(hertz: number, rate: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate))
}

function inPieces(input: Float32Array, sizes: readonly number[], resampler: Resampler): number[] {
  const output: number[] = []
  for (let at = 0, turn = 0; at < input.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    output.push(...resampler.take(input.subarray(at, at + size)))
    at += size
  }
  return output
}

function rms(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

describe('a resampler', () => {
  test.each([
    [44_100, 48_000],
    [8000, 48_000],
    [96_000, 48_000],
  ])('from %d to %d gives the same tone, in pieces of any size', (from, to) => {
    const output = inPieces(tone(1000, from, from), [882, 1, 0, 441], new Resampler(from, to))
    expect(Math.abs(output.length - to)).toBeLessThanOrEqual(1)
    const delay = 16 / from
    const off = output
      .slice(to / 10)
      .map((sample, at) => sample - Math.sin(2 * Math.PI * 1000 * ((at + to / 10) / to - delay)))
    expect(rms(off)).toBeLessThan(0.002)
  })

  test('leaves out what the new rate cannot hold', () => {
    const output = inPieces(tone(20_000, 48_000, 48_000), [960], new Resampler(48_000, 16_000))
    expect(rms(output.slice(1000))).toBeLessThan(0.01)
  })
})
