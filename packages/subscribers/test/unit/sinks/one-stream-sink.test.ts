import { expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { OneStreamSink } from '../../../src/sinks/one-stream-sink.ts'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'

test('shows the stream that comes first, and tells once that there are others', async () => {
  const shown = new CollectingSink()
  const ignored: string[] = []
  const sink = new OneStreamSink(shown, (topic) => ignored.push(topic))
  for (const topic of ['video/b', 'video/a', 'video/b', 'video/c', 'video/b']) {
    await sink.write({ ...numbersEnvelope(0), topic })
  }
  expect(shown.envelopes.map(({ topic }) => topic)).toEqual(['video/b', 'video/b', 'video/b'])
  expect(ignored).toEqual(['video/a'])
})

test('sound that is sent again chooses no stream', async () => {
  const shown = new CollectingSink()
  const sink = new OneStreamSink(shown, () => undefined)
  for (const [topic, retained] of [
    ['audio/silent', true],
    ['audio/b', false],
  ] as const) {
    const block: Envelope['block'] = {
      kind: 'audio',
      seq: 0,
      time: 1,
      format: 's16',
      rate: 8000,
      channels: 1,
      samples: 1,
      data: new Uint8Array(2),
    }
    await sink.write({ topic, epoch: 1, retained, block })
  }
  expect(shown.envelopes.map(({ topic }) => topic)).toEqual(['audio/b'])
})
