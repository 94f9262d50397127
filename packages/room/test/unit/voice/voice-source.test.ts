import { expect, test } from '@jest/globals'
import { Demand, wallClock } from '@zcast/shared'
import { VoiceSource } from '../../../src/voice/voice-source.ts'

test('a clip whose time has come already, as the machine was busy, is heard from its beginning', async () => {
  const source = new VoiceSource()
  const demand = new Demand()
  demand.set('', true)
  const time = wallClock() - 0.3
  source.add({ id: 'a', time, seconds: 1, samples: new Int16Array(48_000).fill(8000) })
  const ended = new AbortController()
  const times: number[] = []
  let samples = 0
  for await (const block of source.blocks({ signal: ended.signal, demand })) {
    times.push(block.time)
    samples += block.samples
    if (samples >= 48_000) ended.abort()
  }
  expect(times[0]).toBeCloseTo(time, 6)
  expect(samples).toBe(48_000)
})
