import { describe, expect, test } from '@jest/globals'
import type { SoundBlock } from '@zcast/shared'
import { readSoundPieces } from '../../../assets/sound/sound-pieces.js'
import { soundMessageBytes, writeSoundMessage } from '../../../src/sound/sound-message.ts'
import { soundBlock } from '../../support/sounds.ts'

function encode(blocks: readonly SoundBlock[]): ArrayBuffer {
  const message = new Uint8Array(blocks.reduce((sum, block) => sum + soundMessageBytes(block), 0))
  let offset = 0
  for (const [index, block] of blocks.entries())
    offset = writeSoundMessage(block, { number: index + 1, leftOut: 7 }, message, offset)
  return message.buffer
}

/** One sample of each channel. */
function sampleOf(values: readonly number[]): SoundBlock {
  const data = new Uint8Array(Int16Array.from(values).buffer)
  return { ...soundBlock(0), channels: values.length, samples: 1, data }
}

describe('the message of sound', () => {
  test('is read by a page as it was sent, several pieces at once too', () => {
    const pieces = readSoundPieces(encode([soundBlock(3, { rate: 48_000, channels: 2 }), soundBlock(16_384)]))
    expect(pieces).toMatchObject([
      { rate: 48_000, time: 1000.06, seq: 3, number: 1, leftOut: 7 },
      { rate: 1000, seq: 16_384, number: 2 },
    ])
    expect(pieces.map(({ left, right }) => [left.length, right.length])).toEqual([
      [960, 960],
      [20, 20],
    ])
    expect(pieces[1]?.left[19]).toBe(0.5)
    expect(pieces[1]?.right[19]).toBe(0.5)
  })

  test.each([
    ['one channel on both sides', [16_384], [0.5, 0.5]],
    ['two as they are', [16_384, -8192], [0.5, -0.25]],
    ['four by turns', [16_384, 0, 16_384, 8192], [0.5, 0.125]],
    [
      'the centre of 5.1 on both sides, and its low frequencies on neither',
      [0, 0, 16_384, 32_767, 0, 0],
      [0.146, 0.146],
    ],
  ] as const)('plays %s', (_, values, [left, right]) => {
    const [piece] = readSoundPieces(encode([sampleOf(values)]))
    expect(piece?.left[0]).toBeCloseTo(left, 3)
    expect(piece?.right[0]).toBeCloseTo(right, 3)
  })

  test('never is louder than full, whatever the channels', () => {
    for (const channels of [1, 2, 3, 4, 5, 6, 7, 8, 32]) {
      const [piece] = readSoundPieces(encode([sampleOf(Array.from({ length: channels }, () => -32_768))]))
      expect(piece?.left[0]).toBeGreaterThanOrEqual(-1.000001)
      expect(piece?.left[0]).toBeLessThan(-0.7)
    }
  })

  test.each([
    ['another version', 0, 2],
    ['a picture', 1, 1],
    ['more channels than there are bytes', 8, 200],
  ])('is left unread where it has %s', (_, at, value) => {
    const bytes = new Uint8Array(encode([soundBlock(1)]))
    bytes[at] = value
    expect(readSoundPieces(bytes.buffer)).toEqual([])
    expect(readSoundPieces(bytes.buffer.slice(0, 20))).toEqual([])
  })
})
