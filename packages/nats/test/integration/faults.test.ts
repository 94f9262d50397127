import { expect, test } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { Publisher } from '@zcast/publisher'
import type { Frame, Refusal } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { segment, withSegment } from '@zcast/testing/pictures/jpegs'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'

const TOPIC = 'numbers/a'

describeNats('a NATS server in trouble', () => {
  const keep = keepForEachTest()
  const totals = (client: Subscriber) => client.statistics.topic(TOPIC).sequence.totals()

  test('may come back with another password, and with the right one again: everybody goes on', async () => {
    const password = (word: string): string => `authorization { user: ann, password: "${word}" }`
    const server = keep(await NatsServer.start(password('right')))
    const connect = server.endpoint.replace('//', '//ann:right@')
    const refusals: Refusal[] = []
    const transport = new NatsTransport({ onRefused: (refusal) => refusals.push(refusal) })
    const publisher = keep(await Publisher.open({ connect, transport: new NatsTransport() }))
    const topic = publisher.topic(TOPIC)
    const client = keep(await Subscriber.open({ connect, topics: [TOPIC], transport }))
    keep.every(10, () => topic.send([1]))
    await until(() => totals(client).received > 5)
    await server.stop()
    await until(() => refusals.some(({ reason }) => reason === 'no-server'))
    server.config = password('other')
    await server.start()
    await until(() => refusals.some(({ reason }) => reason === 'credentials') && client.state === 'denied')
    await server.stop()
    server.config = password('right')
    await server.start()
    const before = totals(client).received
    await until(() => totals(client).received > before + 5)
    const { first, last, received, lost } = totals(client)
    expect(received + lost).toBe(last - first + 1)
    // Each is said once, however often it is tried.
    for (const reason of ['no-server', 'credentials'])
      expect(refusals.filter((refusal) => refusal.reason === reason).length).toBeLessThanOrEqual(2)
    expect(JSON.stringify(refusals)).not.toContain('right')
  })

  test('cuts off who takes less than comes, who comes back and counts what it missed', async () => {
    const server = keep(await NatsServer.start('max_pending: 1MB\nmax_payload: 512KB'))
    const publisher = keep(await Publisher.open({ connect: server.endpoint }))
    const topic = publisher.topic(TOPIC)
    const link = keep(await SlowLink.to(server.endpoint.replace('nats:', 'tcp:'), 200_000))
    const slow = keep(
      await Subscriber.open({ connect: link.endpoint.replace('tcp:', 'nats:'), topics: [TOPIC] }),
    )
    const quick = keep(await Subscriber.open({ connect: server.endpoint, topics: [TOPIC] }))
    await until(() => publisher.streams.length > 0 && topic.isWatched)
    const row = Array.from({ length: 20_000 }, (_, index) => index)
    const stop = keep.every(10, () => topic.send(row))
    await until(() => totals(slow).lost > 0)
    stop()
    link.bytesASecond = Number.POSITIVE_INFINITY
    let sent = 0
    await until(() => {
      // What it has not heard of yet it cannot count.
      if (sent++ % 50 === 0) void topic.send([0])
      return totals(slow).last > 0 && totals(slow).last === totals(quick).last
    })
    for (const client of [slow, quick]) {
      const { first, last, received, lost } = totals(client)
      expect(received + lost).toBe(last - first + 1)
    }
  })

  test('may take little at once: a picture comes in more parts', async () => {
    const server = keep(await NatsServer.start('max_payload: 32KB'))
    const publisher = keep(
      await Publisher.open({ connect: server.endpoint, expectedBytes: 3e5, pictureTopics: 1 }),
    )
    const topic = publisher.topic('video/a')
    const viewer = keep(await Subscriber.open({ connect: server.endpoint, topics: ['video/'] }))
    await topic.untilWatched()
    let picture: Uint8Array = await plainPicture(64, 48, [9, 9, 200])
    while (picture.byteLength < 300_000)
      picture = withSegment(picture, segment(0xfe, Buffer.alloc(50_000, 'z')))
    await topic.send(picture)
    for await (const { block } of viewer) {
      expect(Buffer.compare((block as Frame).data, picture)).toBe(0)
      break
    }
  })
})
