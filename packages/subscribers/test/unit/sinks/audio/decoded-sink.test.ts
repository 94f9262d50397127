import { describe, expect, test } from '@jest/globals'
import { type Envelope, Statistics } from '@zcast/shared'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { soundEnvelope } from '@zcast/testing/streams/envelopes'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { CountingSink } from '../../../../src/sinks/counting-sink.ts'
import { DecodedSink } from '../../../../src/sinks/audio/decoded-sink.ts'
import type { Sink } from '../../../../src/sinks/sink.ts'

testSinkContract('DecodedSink', {
  create: () => new DecodedSink(new CountingSink()),
  envelope: (seq) => soundEnvelope(seq),
})

/** Digital silence of 20 ms, as an encoder writes it. */
const SILENCE = Uint8Array.from([0xf8, 0xff, 0xfe])

function opus(topic: string, data: Uint8Array): Envelope {
  const shape = { rate: 48_000, channels: 1, samples: 960, format: 'opus' } as const
  return { topic, epoch: 1, block: { kind: 'audio', seq: 0, time: 7, ...shape, data } }
}

async function decoded(envelopes: readonly Envelope[]): Promise<{ taken: Envelope[]; log: RecordingLog }> {
  const taken: Envelope[] = []
  const log = new RecordingLog()
  const inner: Sink = {
    open: () => Promise.resolve(),
    write: (envelope) => void taken.push(envelope),
    close: () => Promise.resolve(),
  }
  const sink = new DecodedSink(inner)
  await sink.open({ statistics: new Statistics(), state: () => 'live', log })
  for (const envelope of envelopes) await sink.write(envelope)
  await sink.close()
  return { taken, log }
}

describe('a sink behind a decoder', () => {
  test('gets Opus as 16-bit samples of the same time, and other sound as it came', async () => {
    const plain = soundEnvelope(0)
    const { taken } = await decoded([opus('audio/main', SILENCE), plain])
    expect(taken[0]?.block).toMatchObject({
      kind: 'audio',
      format: 's16',
      time: 7,
      rate: 48_000,
      samples: 960,
    })
    expect(taken[0]?.block.data.byteLength).toBe(1920)
    expect(taken[1]).toBe(plain)
  })

  test('gets nothing of what is no Opus packet, which is logged', async () => {
    const { taken, log } = await decoded([
      opus('audio/main', Uint8Array.from([0xff])),
      opus('audio/main', SILENCE),
    ])
    expect(taken).toHaveLength(1)
    expect(log.lines).toEqual([expect.stringMatching(/^audio\/main: a piece of sound is no Opus packet/)])
  })

  test('gets 16 streams at the most', async () => {
    const envelopes = Array.from({ length: 17 }, (_, number) => opus(`audio/${number}`, SILENCE))
    const { taken, log } = await decoded(envelopes)
    expect(taken).toHaveLength(16)
    expect(log.lines).toEqual([expect.stringMatching(/^audio\/16 is not decoded/)])
  })
})
