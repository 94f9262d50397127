import { describe, expect, test } from '@jest/globals'
import { opusSamples } from '../../src/opus-packet.ts'

/** @param configuration - 0 to 31. @param code - How many frames: 0 one, 1 two of one length, 2 two, 3 as told. */
function packet(configuration: number, code: number, ...body: readonly number[]): Uint8Array {
  return Uint8Array.from([(configuration << 3) | code, ...body])
}

describe('an Opus packet', () => {
  test.each([
    ['one frame of 20 ms', packet(31, 0, 1, 2, 3), 960],
    ['one empty frame of 60 ms', packet(3, 0), 2880],
    ['one frame of 2.5 ms', packet(16, 0, 9), 120],
    ['two frames of one length', packet(13, 1, 1, 2), 1920],
    ['two frames of other lengths', packet(0, 2, 1, 7, 8, 8), 960],
    ['a long first frame', packet(0, 2, 252, 1, ...Array(256).fill(0)), 960],
    ['three of one length', packet(31, 3, 3, 1, 1, 2, 2, 3, 3), 2880],
    ['three of other lengths', packet(31, 3, 0x83, 1, 2, 1, 2, 2, 3), 2880],
    ['two with padding', packet(31, 3, 0x42, 2, 1, 2, 0, 0), 1920],
  ])('has %s', (_, data, samples) => {
    expect(opusSamples(data)).toBe(samples)
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['two frames of an odd length', packet(31, 1, 1, 2, 3)],
    ['a first frame beyond its end', packet(31, 2, 9, 1)],
    ['no number of frames', packet(31, 3)],
    ['no frames', packet(31, 3, 0)],
    ['more than 120 ms', packet(31, 3, 7, ...Array(7).fill(0))],
    ['padding beyond its end', packet(31, 3, 0x41, 200, 1)],
    ['a frame of over 1275 bytes', packet(31, 0, ...Array(1276).fill(0))],
    ['lengths beyond its end', packet(31, 3, 0x83, 200, 200, 1)],
  ])('is none with %s', (_, data) => {
    expect(opusSamples(data)).toBeUndefined()
  })
})
