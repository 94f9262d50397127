import { expect, test } from '@jest/globals'
import type { NumbersBlock } from '@zcast/shared'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { useEnds } from '../support/ends.ts'
import { PEER_PYTHON, usePeers } from '../support/peer.ts'

const start = usePeers()
const open = useEnds()

async function receive(what: string, format: string, kind: 'numbers' | 'video'): Promise<CollectingSink> {
  const publisher = start(what, 'tcp://127.0.0.1:*')
  const subscriber = await open.subscribe(format, kind, { connect: [await publisher.endpoint()] })
  const sink = new CollectingSink()
  await subscriber.run(sink, { maxValues: 2 })
  expect(subscriber.statistics.counts()).toMatchObject({ lost: null, invalid: 0 })
  return sink
}

PEER_PYTHON.describe('PyZMQ at the other end', () => {
  test('send_pyobj of an array is received as numbers', async () => {
    const { envelopes } = await receive('pickled-numbers', 'pickle', 'numbers')
    expect(envelopes[0]).toMatchObject({
      topic: 'numbers/main',
      arrivalTime: true,
      block: { rows: 1, columns: 6 },
    })
    for (const value of envelopes[0]?.block.data ?? []) expect(value >= 0 && value < 10_000).toBe(true)
  })

  test('send_pyobj of a frame of OpenCV is received as a picture', async () => {
    const { envelopes } = await receive('pickled-frames', 'pickle', 'video')
    expect(envelopes[0]).toMatchObject({
      topic: 'video/main',
      block: { kind: 'video', width: 64, height: 48 },
    })
    expect([...(envelopes[0]?.block.data.subarray(0, 2) ?? [])]).toEqual([0xff, 0xd8])
  })

  test('send_json is received as named numbers', async () => {
    const { envelopes } = await receive('json', 'json', 'numbers')
    const block = envelopes.at(0)?.block as NumbersBlock
    expect(block.names).toEqual(['temp', 'place/x[0]', 'place/x[1]'])
    expect([...block.data].slice(1)).toEqual([1, 2])
  })

  test('a line of a topic and JSON, with a NaN, is received under the topic', async () => {
    const { envelopes } = await receive('json-lines', 'json', 'numbers')
    expect(envelopes[0]).toMatchObject({ topic: 'numbers/imu', block: { names: ['ax', 'ay'] } })
    expect(envelopes[0]?.block.data[1]).toBeNaN()
  })

  test.each(['msgpack', 'plotjuggler'])('a topic and msgpack are received as %s', async (format) => {
    const { envelopes } = await receive('msgpack', format, 'numbers')
    expect(envelopes[0]).toMatchObject({ topic: 'numbers/imu', block: { names: ['ax', 'on'] } })
  })

  test.each([
    ['json', 'read-json', { ax: 5, ay: -0.5, seq: 0 }],
    ['msgpack', 'read-msgpack', { ax: 5, ay: -0.5, seq: 0 }],
    ['plotjuggler', 'read-json', { ax: 5, ay: -0.5, timestamp: expect.any(Number) }],
  ])('a program reads what is published as %s', async (format, what, value) => {
    const publisher = await open.publish(format, { bind: 'tcp://127.0.0.1:*' })
    const imu = publisher.topic('numbers/imu', { names: ['ax', 'ay'] })
    const reader = start(what, publisher.endpoints.at(0) as string, 1)
    await imu.untilWatched()
    await imu.send([5, -0.5])
    const line = (await reader.lines.count(1)).at(0)
    const seen = JSON.parse(line as string) as { topic: string; value: object; text: string }
    expect(seen).toMatchObject({ topic: 'numbers/imu', value })
    if (format === 'plotjuggler') expect(seen.text).toContain('"ax":5.0')
  })
})
