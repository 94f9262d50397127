import { expect, test } from '@jest/globals'
import type { ForwardTopic } from '@zcast/publisher'
import { type Envelope, Statistics } from '@zcast/shared'
import { frame, rows } from '@zcast/testing/streams/list-source'
import { until } from '@zcast/testing/waiting/until'
import { RelayedTopic, type RelayedTopicOptions } from '../../src/relayed-topic.ts'

function relayed(
  kind: 'numbers' | 'video',
  forward: Pick<ForwardTopic, 'send' | 'forget'>,
  options: Partial<RelayedTopicOptions> = {},
): RelayedTopic {
  return new RelayedTopic({
    kind,
    isRowByRow: false,
    log: undefined,
    accounts: new Statistics().topic(`${kind}/main`),
    open: () => forward as ForwardTopic,
    limit: undefined,
    onWatched: () => undefined,
    onWaiting: () => undefined,
    ...options,
  })
}

test('of pictures that come at once the newest are sent, and those below are told that others were left out', async () => {
  const sent: Envelope[] = []
  const forward = {
    send: async (envelope: Envelope) => {
      await new Promise(setImmediate)
      sent.push(envelope)
    },
    forget: () => undefined,
  }
  const topic = relayed('video', forward)
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

test('of a block for those below that expect a row a message, a few are on their way at once', async () => {
  let started = 0
  const send = async () => {
    started += 1
    await new Promise(setImmediate)
  }
  const topic = relayed('numbers', { send, forget: () => undefined }, { isRowByRow: true })
  const block = { ...rows(...Array.from({ length: 1000 }, () => 1)), seq: 0, interval: 1 }
  topic.take({ topic: 'numbers/main', epoch: 1, block }, false)
  expect(started).toBe(100)
  await until(() => topic.sent === 1000)
  expect(topic.dropped).toBe(0)
})
