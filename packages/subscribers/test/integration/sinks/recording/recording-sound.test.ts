import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { findFfmpeg } from '@zcast/media'
import type { Envelope } from '@zcast/shared'
import { pictureEnvelope, plainPicture } from '@zcast/testing/pictures/plain-picture'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { RecordingSink } from '../../../../src/sinks/recording-sink.ts'
import { readRecording } from '../../../support/recordings.ts'

const folder = useTemporaryFolder()
const START = 1_786_000_000.25
const RATE = 48_000

interface Pieces {
  /** Seconds after the first picture. */
  readonly from: number
  readonly to: number
  readonly rate?: number
  readonly channels?: number
  readonly topic?: string
}

/** Pieces of 20 ms that beep in the first tenth of each second, the first of which is that of the first picture. */
function sound({ from, to, rate = RATE, channels = 2, topic = 'audio/main' }: Pieces): Envelope[] {
  const samples = rate / 50
  return Array.from({ length: Math.round((to - from) * 50) }, (_, seq) => {
    const at = from + seq / 50
    const data = Buffer.alloc(samples * channels * 2)
    for (let sample = 0; sample < samples; sample++) {
      const seconds = at + sample / rate
      const isLoud = seconds - Math.floor(seconds + 1e-9) < 0.1 - 1e-9
      const value = isLoud ? Math.round(12_000 * Math.sin(2 * Math.PI * 1000 * seconds + 1)) : 0
      for (let channel = 0; channel < channels; channel++)
        data.writeInt16LE(value, (sample * channels + channel) * 2)
    }
    const block = {
      kind: 'audio',
      seq,
      time: START + at,
      rate,
      channels,
      samples,
      format: 's16',
      data,
    } as const
    return { topic, epoch: 1, block }
  })
}

/** Ten pictures a second. */
async function pictures(from: number, to: number): Promise<Envelope[]> {
  const data = await plainPicture(64, 48, [90, 90, 90])
  return Array.from({ length: Math.round((to - from) * 10) }, (_, seq) =>
    pictureEnvelope({ data, width: 64, height: 48, seq, time: START + from + seq / 10 }),
  )
}

/** Writes all of it in the order of its times. */
async function record(path: string, envelopes: readonly Envelope[], hasSound = true): Promise<string[]> {
  const told: string[] = []
  const sink = new RecordingSink({
    path,
    hasSound: () => Promise.resolve(hasSound),
    onNotice: (sentence) => told.push(sentence),
  })
  await sink.open()
  const inOrder = [...envelopes].sort((a, b) => a.block.time - b.block.time)
  for (const envelope of inOrder) await sink.write(envelope)
  await sink.close()
  return told
}

/** When beeps begin, in seconds after the first picture, as ffmpeg decodes them. */
async function beepsOf(path: string): Promise<number[]> {
  const { path: ffmpeg } = await findFfmpeg()
  const place = ['-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(RATE)]
  const args = ['-v', 'error', '-xerror', '-i', path, '-map', '0:a:0', ...place, '-f', 's16le', '-']
  const { stdout } = await promisify(execFile)(ffmpeg, args, { encoding: 'buffer', maxBuffer: 2 ** 28 })
  // An encoder of sound begins before its first sample, and the pictures behind the first one wait for it.
  const [, second = 0] = (await readRecording(path)).timesMs
  const beeps: number[] = []
  let loudAt = -RATE
  for (let at = 0; at < stdout.byteLength / 2; at++) {
    if (Math.abs(stdout.readInt16LE(at * 2)) < 3000) continue
    if (at - loudAt > RATE / 10) beeps.push(at / RATE - (second - 100) / 1000)
    loudAt = at
  }
  return beeps
}

/** @param expected - Seconds after the first picture. */
async function expectBeeps(path: string, expected: readonly number[]): Promise<void> {
  const beeps = await beepsOf(path)
  expect(beeps.map((beep) => Math.round(beep) + 0)).toEqual(expected)
  for (const [index, beep] of beeps.entries())
    expect(Math.abs(beep - (expected[index] ?? 0))).toBeLessThan(0.005)
}

async function countOf(path: string): Promise<number> {
  return (await readRecording(path)).timesMs.length
}

describe.each(['mp4', 'mkv'])('a recording with sound as %s', (format) => {
  const path = (): string => join(folder(), `recording.${format}`)

  test.each([
    [48_000, 2],
    [44_100, 1],
    [16_000, 6],
  ])('has it beside its pictures, from %d Hz and %d channels', async (rate, channels) => {
    // It began before the pictures, and between two milliseconds.
    const heard = sound({ from: -1, to: 4, rate, channels })
    expect(await record(path(), [...(await pictures(0, 4)), ...heard])).toEqual([])
    await expectBeeps(path(), [0, 1, 2, 3])
    expect(await countOf(path())).toBe(40)
  })

  test('has silence where it comes late, is interrupted or ends early, and every picture', async () => {
    const heard = [...sound({ from: 3, to: 5 }), ...sound({ from: 7.5, to: 9 })]
    await record(path(), [...(await pictures(0, 12)), ...heard])
    await expectBeeps(path(), [3, 4, 8])
    expect(await countOf(path())).toBe(120)
  })

  test('stays in step where the publisher stood still', async () => {
    const before = [...(await pictures(0, 2)), ...sound({ from: 0, to: 2 })]
    const after = [...(await pictures(9, 11)), ...sound({ from: 9, to: 11 })]
    await record(path(), [...before, ...after])
    await expectBeeps(path(), [0, 1, 9, 10])
    const [first = 0, ...others] = (await readRecording(path())).timesMs.slice(18, 22)
    expect(others.map((time) => Math.round(time - first))).toEqual([100, 7200, 7300])
  })

  test('goes on with sound of another rate', async () => {
    const heard = [...sound({ from: 0, to: 2 }), ...sound({ from: 2, to: 4, rate: 32_000, channels: 1 })]
    await record(path(), [...(await pictures(0, 4)), ...heard])
    await expectBeeps(path(), [0, 1, 2, 3])
  })

  test('leaves out what belongs to another stream, or to another time', async () => {
    const other = sound({ from: 0, to: 3, topic: 'audio/other' })
    const stray = sound({ from: 5000, to: 5001 })
    const told = await record(path(), [...(await pictures(0, 3)), ...other, ...stray])
    expect(await beepsOf(path())).toEqual([])
    expect(told).toEqual([expect.stringMatching(/^no sound came that belongs to video\/main: .* is silent$/)])
    expect(await countOf(path())).toBe(30)
  })

  test('has every picture when it was not known that sound would come, and says so', async () => {
    const told = await record(path(), [...(await pictures(0, 3)), ...sound({ from: 1, to: 3 })], false)
    expect(told).toEqual([
      expect.stringMatching(/^audio\/main came after the recording had begun without sound/),
    ])
    await expect(beepsOf(path())).rejects.toThrow(/matches no streams/)
    expect(await countOf(path())).toBe(30)
  })
})
