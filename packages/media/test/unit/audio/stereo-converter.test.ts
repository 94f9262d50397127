import { describe, expect, test } from '@jest/globals'
import { StereoConverter } from '../../../src/audio/stereo-converter.ts'

function bytesOf(samples: readonly number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer)
}

function samplesOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.byteLength / 2 }, (_, at) => view.getInt16(at * 2, true))
}

describe('a converter to stereo', () => {
  test.each([
    ['leaves stereo as it is', 2, [1, -2, 32_767, -32_768], [1, -2, 32_767, -32_768]],
    ['puts one channel on both sides', 1, [5, -32_768], [5, 5, -32_768, -32_768]],
    ['puts every other one of more on each side', 3, [100, 50, 300], [200, 50]],
  ])('%s', (_, channels, samples, expected) => {
    const converter = new StereoConverter()
    expect(samplesOf(converter.take({ rate: 48_000, channels }, bytesOf(samples)))).toEqual(expected)
  })
})
