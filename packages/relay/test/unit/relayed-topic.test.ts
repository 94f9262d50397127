import { expect, test } from '@jest/globals'
import type { ForwardTopic } from '@zcast/publisher'
import { type Envelope, Statistics } from '@zcast/shared'
import { frame } from '@zcast/testing/streams/list-source'
import { until } from '@zcast/testing/waiting/until'
import { RelayedTopic } from '../../src/relayed-topic.ts'

test('of pictures that come at once the newest are sent, and those below are told that others were left out', async () => {
  const sent: Envelope[] = []
  const forward = {
    send: async (envelope: Envelope) => {
      await new Promise(setImmediate)
      sent.push(envelope)
    },
    forget: () => undefined,
  }
  const statistics = new Statistics()
  const topic = new RelayedTopic({
    kind: 'video',
    isRowByRow: false,
    log: undefined,
    accounts: statistics.topic('video/main'),
    open: () => forward as unknown as ForwardTopic,
    limit: undefined,
    onWatched: () => undefined,
    onWaiting: () => undefined,
  })
  for (let seq = 0; seq < 10; seq++)
    topic.take({ topic: 'video/main', epoch: 1, block: { ...frame(1), seq } }, false)
  await until(() => topic.sent === 5)
  expect(sent.map(({ block, withheld }) => [block.seq, withheld])).toEqual([
    [0, 0],
    [6, 5],
    [7, 0],
    [8, 0],
    [9, 0],
  ])
  expect(topic).toMatchObject({ leftOut: 5, dropped: 0 })
})
