import { expect, test } from '@jest/globals'
import { Demand, wallClock } from '@zcast/shared'
import { VOICE_FORMAT } from '../../../src/voice/voice-format.ts'
import { VoiceSource } from '../../../src/voice/voice-source.ts'

/** A sample that tells the clip which ends the test. */
const LAST = 20_000

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

test('the end of a clip is said once, although it is mixed before its time', async () => {
  const source = new VoiceSource()
  const now = wallClock()
  const samples = Int16Array.from({ length: VOICE_FORMAT.rate * 0.3 }, (_, index) => index + 1)
  source.add({ id: 'a', time: now + 0.2, seconds: 0.3, samples })
  const last = new Int16Array(VOICE_FORMAT.rate).fill(LAST)
  source.add({ id: 'b', time: now + 0.8, seconds: 1, samples: last })
  const controller = new AbortController()
  const said: number[] = []
  const demand = { wanted: new Set(['voice/main']) }
  for await (const { data } of source.blocks({ signal: controller.signal, demand } as never)) {
    const heard = new Int16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    if (heard.includes(LAST)) break
    said.push(...heard.filter((sample) => sample !== 0))
  }
  expect(said.length).toBeGreaterThan(0)
  expect(said).toEqual(said.toSorted((one, other) => one - other))
  expect(new Set(said).size).toBe(said.length)
})
