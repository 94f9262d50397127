import { expect, test } from '@jest/globals'
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
