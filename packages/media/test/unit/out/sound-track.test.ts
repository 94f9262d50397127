import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { type SoundPacket, SoundTrack } from '../../../src/out/sound-track.ts'

const FRAMES_A_MS = 48

/** Samples of a value, the same on both sides. */
function piece(milliseconds: number, value: number): Uint8Array {
  return new Uint8Array(new Int16Array(milliseconds * FRAMES_A_MS * 2).fill(value).buffer)
}

/** The value at each millisecond of a track, which must have no gap and no overlap. */
function valuesOf(packets: readonly SoundPacket[]): number[] {
  const values: number[] = []
  for (const { timestampMs, data } of packets) {
    expect(timestampMs).toBe(values.length)
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    for (let at = 0; at < data.byteLength; at += FRAMES_A_MS * 4) values.push(view.getInt16(at, true))
  }
  return values
}

describe('the sound of a recording', () => {
  test('is silent up to its first piece, and in gaps', () => {
    const track = new SoundTrack()
    const packets = [
      ...track.add(30, piece(20, 1)),
      ...track.add(50, piece(20, 2)),
      ...track.add(100, piece(10, 3)),
    ]
    const expected = [...Array(30).fill(0), ...Array(20).fill(1), ...Array(20).fill(2), ...Array(30).fill(0)]
    expect(valuesOf([...packets, ...track.end()])).toEqual([...expected, ...Array(10).fill(3)])
  })

  test('begins with the first picture, and has nothing twice', () => {
    const track = new SoundTrack()
    const packets = [
      ...track.add(-15, piece(20, 1)),
      ...track.add(5, piece(20, 2)),
      ...track.add(5, piece(40, 3)),
    ]
    const expected = [...Array(5).fill(1), ...Array(20).fill(2), ...Array(20).fill(3)]
    expect(valuesOf([...packets, ...track.end()])).toEqual(expected)
  })

  test('joins pieces whose times are off by a little', () => {
    const track = new SoundTrack()
    const packets = [
      ...track.add(0, piece(20, 1)),
      ...track.add(26, piece(20, 2)),
      ...track.add(31, piece(20, 3)),
    ]
    expect(valuesOf([...packets, ...track.end()])).toHaveLength(60)
  })

  test('leaves a gap of over ten minutes open', () => {
    const track = new SoundTrack()
    const before = [...track.add(0, piece(30, 1))]
    const after = [...track.add(3_600_000, piece(20, 2)), ...track.end()]
    expect([...before, ...after].map(({ timestampMs }) => timestampMs)).toEqual([0, 20, 3_600_000])
  })

  test('has no gap, whatever times its pieces have', () => {
    const pieces = fc.array(fc.tuple(fc.integer({ min: -500, max: 5000 }), fc.integer({ min: 0, max: 60 })))
    fc.assert(
      fc.property(pieces, (given) => {
        const track = new SoundTrack()
        const packets = given.flatMap(([at, milliseconds]) => [...track.add(at, piece(milliseconds, 7))])
        const { endMs } = track
        expect(valuesOf([...packets, ...track.end()])).toHaveLength(endMs)
      }),
    )
  })
})
