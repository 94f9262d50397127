import { describe, expect, test } from '@jest/globals'
import { SoundReader } from '../../../assets/sound/sound-reader.js'
import { RATE, tonePiece } from '../../support/sounds.ts'

const START = 1_700_000_000
/** Frames that an audio thread asks for at once. */
const FRAMES = 128

const NOTHING: (wanted: number) => void = () => {}

/** Reads `seconds` of sound, in pieces as an audio thread does; `drift` is how much faster the time of the clip runs. */
function read(
  reader: SoundReader,
  { from = START, seconds = 1, rate = RATE, drift = 0, before = NOTHING } = {},
): Float32Array {
  const heard = new Float32Array(Math.floor((seconds * rate) / FRAMES) * FRAMES)
  const other = new Float32Array(FRAMES)
  for (let at = 0; at < heard.length; at += FRAMES) {
    const wanted = from + (at / rate) * (1 + drift)
    before(wanted)
    reader.read(heard.subarray(at, at + FRAMES), other, wanted)
  }
  return heard
}

function fill(reader: SoundReader, pieces: Iterable<number>, rate = RATE): void {
  for (const number of pieces) reader.push(tonePiece(number, START, rate))
}

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index)

/** The greatest distance from the tone, if sample 0 of `heard` is to be heard at `time` after its start. */
function errorOf(heard: Float32Array, { time = 0, rate = RATE, from = 0, to = heard.length } = {}): number {
  let error = 0
  for (let at = from; at < to; at++) {
    const value = Math.sin(2 * Math.PI * 400 * (time + at / rate))
    error = Math.max(error, Math.abs((heard[at] ?? 0) - value))
  }
  return error
}

/** How many samples in a row are silent, at most, and where they begin. */
function longestSilence(heard: Float32Array): { length: number; begins: number } {
  let longest = { length: 0, begins: 0 }
  let length = 0
  for (const [at, value] of heard.entries()) {
    length = Math.abs(value) < 1e-4 ? length + 1 : 0
    if (length > longest.length) longest = { length, begins: at + 1 - length }
  }
  return longest
}

/** The largest step from one sample to the next: a click is larger than any of the tone. */
function largestStep(heard: Float32Array): number {
  return heard.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (heard[at - 1] ?? 0))), 0)
}
const LARGEST_STEP_OF_THE_TONE = 2 * Math.sin((Math.PI * 400) / RATE)

describe('sound that is read at its time', () => {
  test('is the sound that was sent, at that very time', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(55))
    const heard = read(reader)
    expect(errorOf(heard, { from: 200 })).toBeLessThan(0.002)
    expect(reader.report()).toMatchObject({ isPlaying: true, starved: 0, jumps: 0 })
  })

  test.each([44_100, 48_000, 96_000])('is the same for speakers of %d Hz', (rate) => {
    const reader = new SoundReader(rate)
    fill(reader, upTo(55))
    const heard = read(reader, { rate, seconds: 0.9 })
    expect(errorOf(heard, { rate, from: 2000 })).toBeLessThan(0.005)
  })

  test.each([0.25, 0.5, 2])('is as much faster as it is wanted, and higher: %d times', (speed) => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(100))
    const heard = new Float32Array(4 * FRAMES)
    const other = new Float32Array(FRAMES)
    for (let at = 0; at < heard.length; at += FRAMES)
      reader.read(heard.subarray(at, at + FRAMES), other, START + (at / RATE) * speed, speed)
    const wanted = heard.map((_, at) => Math.sin((2 * Math.PI * 400 * speed * at) / RATE))
    const error = Math.max(
      ...heard.subarray(200).map((value, at) => Math.abs(value - (wanted[at + 200] ?? 0))),
    )
    expect(error).toBeLessThan(0.005)
    expect(reader.report()).toMatchObject({ isPlaying: true, starved: 0, jumps: 0 })
  })

  test('has what a lower rate cannot hold left out, rather than heard as another tone', () => {
    const reader = new SoundReader(8000)
    const rate = 48_000
    const samples = Float32Array.from({ length: rate / 50 }, () => 0)
    for (const number of upTo(55)) {
      const left = samples.map((_, at) =>
        Math.sin((2 * Math.PI * 6000 * (number * samples.length + at)) / rate),
      )
      reader.push({ ...tonePiece(number, START, rate), left, right: left.slice() })
    }
    const heard = read(reader, { rate: 8000, seconds: 0.9 })
    expect(Math.max(...heard.slice(200))).toBeLessThan(0.1)
  })

  test('begins within its stream, and is silent before and after it, without a click', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(20))
    const heard = read(reader, { from: START - 0.2 })
    const before = longestSilence(heard.subarray(0, 0.4 * RATE))
    expect(before.begins).toBe(0)
    expect(before.length / RATE).toBeCloseTo(0.2, 3)
    expect(errorOf(heard, { time: -0.2, from: 0.25 * RATE, to: 0.55 * RATE })).toBeLessThan(0.002)
    expect(longestSilence(heard).length).toBeGreaterThan(0.35 * RATE)
    expect(largestStep(heard)).toBeLessThan(LARGEST_STEP_OF_THE_TONE * 1.05)
  })

  test('has silence of the right length where pieces are missing, and comes back in time', () => {
    const reader = new SoundReader(RATE)
    fill(reader, [...upTo(20), ...upTo(30, 23)])
    const heard = read(reader)
    const { length, begins } = longestSilence(heard)
    expect(length / RATE).toBeCloseTo(0.06, 2)
    expect(begins / RATE).toBeCloseTo(0.4, 2)
    expect(errorOf(heard, { from: 0.5 * RATE, to: 0.95 * RATE })).toBeLessThan(0.002)
    expect(largestStep(heard)).toBeLessThan(LARGEST_STEP_OF_THE_TONE * 1.05)
  })

  test('takes pieces that come late, in bursts, as long as they come before their time', () => {
    const reader = new SoundReader(RATE)
    let next = 0
    const before = (wanted: number): void => {
      // Five at once, 150 ms before the last of them is due.
      while (START + next / 50 < wanted + 0.15)
        for (const end = next + 5; next < end; next++) fill(reader, [next])
    }
    const heard = read(reader, { seconds: 3, before })
    expect(errorOf(heard, { from: 200 })).toBeLessThan(0.01)
    expect(reader.report()).toMatchObject({ starved: 0, jumps: 0 })
  })

  test('goes on at the right time after it had to wait for pieces', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(10))
    let isHere = false
    const before = (wanted: number): void => {
      if (isHere || wanted < START + 0.5) return
      isHere = true
      fill(reader, upTo(60, 10))
    }
    const heard = read(reader, { before })
    expect(errorOf(heard, { from: 0.6 * RATE })).toBeLessThan(0.002)
    expect(largestStep(heard)).toBeLessThan(LARGEST_STEP_OF_THE_TONE * 1.05)
    expect(reader.report().starved).toBe(1)
  })

  test('is passed over where it was due before, and played once the clock is put right', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(60))
    expect(longestSilence(read(reader, { from: START + 10, seconds: 0.1 })).length).toBe(768)
    expect(errorOf(read(reader, { from: START + 0.5, seconds: 0.5 }), { time: 0.5, from: 200 })).toBeLessThan(
      0.002,
    )
  })

  test.each([0.0003, -0.0003])('stays in step with a clock that runs %d faster, without a jump', (drift) => {
    const reader = new SoundReader(RATE)
    let next = 0
    const before = (wanted: number): void => {
      for (; START + next / 50 < wanted + 0.2; next++) fill(reader, [next])
    }
    const heard = read(reader, { seconds: 20, drift, before })
    const { errorMs, ...report } = reader.report()
    expect(report).toEqual({ isPlaying: true, starved: 0, jumps: 0 })
    expect(Math.abs(errorMs)).toBeLessThan(2)
    expect(largestStep(heard.subarray(200))).toBeLessThan(LARGEST_STEP_OF_THE_TONE * 1.05)
  })

  test('catches up with a step of 30 ms unheard, and jumps over one of 100 ms', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(75))
    read(reader, { seconds: 0.2 })
    read(reader, { from: START + 0.23, seconds: 0.2 })
    const { errorMs, jumps } = reader.report()
    expect(jumps).toBe(0)
    expect(errorMs).toBeGreaterThan(5)
    const heard = read(reader, { from: START + 0.53, seconds: 0.3 })
    expect(reader.report().jumps).toBe(1)
    expect(errorOf(heard, { time: 0.53, from: 500 })).toBeLessThan(0.002)
  })

  test('follows the times of a microphone, which are off by some milliseconds, without a gap', () => {
    const reader = new SoundReader(RATE)
    for (const number of upTo(100)) {
      const piece = tonePiece(number, START)
      reader.push({ ...piece, time: piece.time + ((number * 7) % 11) / 1000 })
    }
    const heard = read(reader, { seconds: 1.8 })
    expect(longestSilence(heard.subarray(200)).length).toBeLessThan(3)
    expect(reader.report()).toMatchObject({ starved: 0, jumps: 0 })
  })

  test('begins anew where the times go elsewhere, as after a restart, and forgets what came twice', () => {
    const reader = new SoundReader(RATE)
    fill(reader, [...upTo(30), ...upTo(30)])
    const later = START + 5000
    for (const number of upTo(30)) reader.push(tonePiece(number, later))
    expect(errorOf(read(reader, { seconds: 0.5 }), { from: 200 })).toBeLessThan(0.002)
    expect(errorOf(read(reader, { from: later, seconds: 0.5 }), { from: 200 })).toBeLessThan(0.002)
  })

  test('changes its rate within the stream', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(20))
    fill(reader, upTo(30, 20), 16_000)
    const heard = read(reader, { seconds: 0.9 })
    expect(errorOf(heard, { from: 0.45 * RATE })).toBeLessThan(0.005)
  })

  test('is silence while nothing is due', () => {
    const reader = new SoundReader(RATE)
    fill(reader, upTo(30))
    expect(read(reader, { from: Number.NaN, seconds: 0.1 }).every((value) => value === 0)).toBe(true)
  })
})
