import { expect, test } from '@jest/globals'
import { mixVoices } from '../../../src/voice/mix-voices.ts'
import { VOICE_FORMAT } from '../../../src/voice/voice-format.ts'

function clip(
  time: number,
  ...values: readonly number[]
): Parameters<typeof mixVoices>[0] extends Iterable<infer C> ? C : never {
  return {
    id: String(time),
    time,
    seconds: values.length / VOICE_FORMAT.rate,
    samples: Int16Array.from(values),
  }
}

test('adds the clips that are heard, each from its own time on', () => {
  const sample = 1 / VOICE_FORMAT.rate
  const clips = [clip(100, 1, 2, 3), clip(100 + 2 * sample, 10, 20), clip(99, 7), clip(101, 9)]
  expect([...mixVoices(clips, 100, 5)]).toEqual([1, 2, 13, 20, 0])
  expect([...mixVoices(clips, 100 - 2 * sample, 4)]).toEqual([0, 0, 1, 2])
})
