import { expect, test } from '@jest/globals'
import type { ForwardTopic } from '@zcast/publisher'
import { type Envelope, Statistics } from '@zcast/shared'
import { frame, rows } from '@zcast/testing/streams/list-source'
import { until } from '@zcast/testing/waiting/until'
import { RelayedTopic, type RelayedTopicOptions } from '../../src/relayed-topic.ts'
import { WaitingPictures } from '../../src/waiting-pictures.ts'

function relayed(
  kind: 'numbers' | 'video',
  forward: Pick<ForwardTopic, 'send' | 'forget'>,
  options: Partial<RelayedTopicOptions> = {},
): RelayedTopic {
  return new RelayedTopic({
    kind,
    isOtherFormat: false,
    pictures: new WaitingPictures(() => undefined),
    log: undefined,
    accounts: new Statistics().topic(`${kind}/main`),
    open: () => forward as ForwardTopic,
    limit: undefined,
    onWatched: () => undefined,
    onWaiting: () => undefined,
    ...options,
  })
}

test('of pictures that come at once none is left out while little waits', async () => {
  const sent: Envelope[] = []
  const send = async (envelope: Envelope) => {
    await new Promise(setImmediate)
    sent.push(envelope)
  }
  const topic = relayed('video', { send, forget: () => undefined })
  for (let seq = 0; seq < 500; seq++)
    topic.take({ topic: 'video/main', epoch: 1, block: { ...frame(1), seq } }, false)
  await until(() => topic.sent === 500)
  expect(sent.map(({ block }) => block.seq)).toEqual(Array.from({ length: 500 }, (_, seq) => seq))
  expect(topic).toMatchObject({ leftOut: 0, dropped: 0 })
})

test('of a block for those below that expect a row a message, a few are on their way at once', async () => {
  let started = 0
  const send = async () => {
    started += 1
    await new Promise(setImmediate)
  }
  const topic = relayed('numbers', { send, forget: () => undefined }, { isOtherFormat: true })
  const block = { ...rows(...Array.from({ length: 1000 }, () => 1)), seq: 0, interval: 1 }
  topic.take({ topic: 'numbers/main', epoch: 1, block }, false)
  expect(started).toBe(100)
  await until(() => topic.sent === 1000)
  expect(topic.dropped).toBe(0)
})
