import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { zeromq } from '@zcast/shared/internal'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { until } from '@zcast/testing/waiting/until'
import { findFormat } from '../../src/format-table.ts'
import { useEnds } from '../support/ends.ts'
import { PEER_PYTHON, usePeers } from '../support/peer.ts'

const ANY = 'tcp://127.0.0.1:*'
const start = usePeers()
const open = useEnds()

test('a second sender of pattern 0 is received once the first has left', async () => {
  const { Pair } = zeromq()
  const format = findFormat('netgear:0')
  const transport = await format.openTransport('subscriber', { bind: [ANY], connect: [] })
  // Pings would cut it off, too, but later.
  const receiver = await transport.openSubscribe({ bind: [ANY], heartbeatMs: 600_000 })
  let isFurther = false
  receiver.onFurtherPeer(() => (isFurther = true))
  receiver.subscribe('')
  const reading = (async () => {
    for await (const _ of receiver.messages());
  })().catch(() => undefined)
  const senders = [1, 2].map(() => new Pair({ linger: 0, receiveTimeout: 500, sendTimeout: 500 }))
  const [first, second] = senders as [InstanceType<typeof Pair>, InstanceType<typeof Pair>]
  try {
    const [endpoint] = receiver.endpoints as [string]
    const ask = async (sender: typeof first): Promise<boolean> => {
      const sent = sender.send('{}').then(() => sender.receive())
      return sent.then(
        () => true,
        () => false,
      )
    }
    first.connect(endpoint)
    while (!(await ask(first)));
    second.connect(endpoint)
    await until(() => isFurther)
    first.close()
    while (!(await ask(second)));
  } finally {
    for (const sender of senders) sender.close()
    await receiver.close()
    await reading
  }
})

PEER_PYTHON.describe.each([0, 1, 2])('NetGear at the other end, pattern %i', (pattern) => {
  const format = `netgear:${pattern}`

  test('a sender is received, and when it ends, the subscriber goes on with the next one', async () => {
    const viewer = await open.subscribe(format, 'video')
    const [endpoint] = viewer.endpoints as [string]
    const first = start(`netgear-sender-${pattern}`, endpoint, 20)
    const sink = new CollectingSink()
    await viewer.run(sink, { maxValues: 3 })
    await first.lines.last('ended')
    const second = start(`netgear-sender-${pattern}`, endpoint, 100)
    const before = viewer.statistics.counts().received
    await viewer.run(sink, { maxValues: before })
    expect(second.lines.seen).toEqual([])
    expect(new Set(sink.envelopes.map(({ topic }) => topic))).toEqual(new Set(['video/main']))
    expect(sink.envelopes[0]?.block).toMatchObject({ width: 64, height: 48 })
    expect(viewer.statistics.counts()).toMatchObject({ lost: null, invalid: 0, unsupported: 0 })
  })

  test('a receiver gets pictures, and is not told to end when the publisher does', async () => {
    // A PAIR may keep its former peer, and turn the next one away.
    const rounds = pattern === 0 ? 1 : 2
    const receiver = start(`netgear-receiver-${pattern}`, 'tcp://127.0.0.1:*', rounds * 3)
    const connect = [await receiver.endpoint()]
    const picture = await plainPicture(40, 30, [200, 80, 40])
    for (let round = 0; round < rounds; round++) {
      const publisher = await open.publish(format, { connect }, { heartbeatMs: 500 })
      const cam = publisher.topic('video/garden')
      await cam.untilWatched()
      for (const wanted = 1 + (round + 1) * 3; receiver.lines.seen.length < wanted;) {
        await cam.send(picture)
        await Promise.race([receiver.lines.count(receiver.lines.seen.length + 1), delay(100)])
      }
      await publisher.close()
    }
    const seen = receiver.lines.seen
      .slice(1)
      .map((line) => JSON.parse(line) as { header: object; shape: number[] })
    expect(seen).toHaveLength(rounds * 3)
    expect(seen[0]).toMatchObject({
      header: { terminate_flag: false, pattern: String(pattern), stream: 'garden', seq: expect.any(Number) },
      shape: [30, 40, 3],
    })
  })
})
