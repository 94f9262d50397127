import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { sinkContext, testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { soundEnvelope } from '@zcast/testing/streams/envelopes'
import { LevelSink } from '../../../../src/sinks/audio/level-sink.ts'
import { decibels, SoundLevel } from '../../../../src/sinks/audio/sound-level.ts'

testSinkContract('LevelSink', {
  create: () => new LevelSink({ output: new PassThrough().resume(), format: 'json' }),
  envelope: (seq) => soundEnvelope(seq),
})

describe('the level of sound', () => {
  test('is its effective value and its largest sample, of full scale', () => {
    const level = new SoundLevel()
    expect(level.read()).toBeUndefined()
    for (const value of [16_384, -16_384]) {
      const { block } = soundEnvelope(0, { value })
      if (block.kind === 'audio') level.add(block)
    }
    expect(level.read()).toEqual({ rms: 0.5, peak: 0.5 })
    expect(level.read()).toBeUndefined()
    expect(decibels(0.5)).toBeCloseTo(-6.02, 2)
    expect(decibels(0)).toBe(-99)
  })

  test.each([
    ['json', /^\{"type":"level","topic":"audio\/main","rms":0\.5,"peak":0\.5,"lost":0\}\n$/],
    ['lines', /^audio\/main {2}\[#{27}---\] {2}rms {2}-6\.0 dB {2}peak {2}-6\.0 dB\n$/],
    // eslint-disable-next-line no-control-regex
    ['meter', /^\raudio\/main {2}\[#{27}---\] .*\u001B\[K$/],
  ] as const)('is shown as %s', async (format, expected) => {
    const output = new PassThrough()
    const sink = new LevelSink({ output, format })
    await sink.open(sinkContext())
    sink.write(soundEnvelope(0, { value: 16_384 }))
    const text = await new Promise<string>((resolve) =>
      output.once('data', (bytes: Buffer) => resolve(String(bytes))),
    )
    expect(text).toMatch(expected)
    await sink.close()
  })
})
