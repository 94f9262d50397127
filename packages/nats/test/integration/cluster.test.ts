import { expect, test } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { Publisher } from '@zcast/publisher'
import { Subscriber } from '@zcast/subscribers'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'

const CLIENTS = 10
const TOPICS = ['numbers/a', 'numbers/b'] as const

describeNats('a cluster of NATS servers', () => {
  const keep = keepForEachTest()

  test('goes on over the other servers when one is killed, and counts exactly what was on its way', async () => {
    const servers = await NatsServer.startCluster(3)
    for (const server of servers) keep(server)
    const [first, second] = servers as [NatsServer, NatsServer]
    const open = async (endpoint: string): Promise<Publisher> =>
      keep(await Publisher.open({ connect: endpoint, transport: new NatsTransport() }))
    // One publisher and all clients are on the server that is killed, and know no other.
    const handles = [
      (await open(first.endpoint)).topic(TOPICS[0]),
      (await open(second.endpoint)).topic(TOPICS[1]),
    ]
    const clients: Subscriber[] = []
    while (clients.length < CLIENTS) {
      const client = await Subscriber.open({
        connect: first.endpoint,
        topics: ['numbers/'],
        transport: new NatsTransport(),
      })
      clients.push(keep(client))
    }
    const totals = (client: Subscriber, topic: string) => client.statistics.topic(topic).sequence.totals()
    const everywhere = (isSo: (client: Subscriber, topic: string) => boolean): Promise<void> =>
      until(() => clients.every((client) => TOPICS.every((topic) => isSo(client, topic))))
    for (const handle of handles) await handle.untilWatched()
    let sent = 0
    const stop = keep.every(5, () => {
      sent += 1
      for (const handle of handles) void handle.send([sent])
    })
    await everywhere((client, topic) => totals(client, topic).received > 20)

    await first.stop()
    const killedAt = sent
    await everywhere((client, topic) => totals(client, topic).last > killedAt)

    stop()
    await Promise.all(handles.map((handle) => handle.send([0])))
    await everywhere((client, topic) => totals(client, topic).last === sent)
    for (const client of clients) {
      for (const topic of TOPICS) {
        const { first: begin, last, received, lost } = totals(client, topic)
        expect(received + lost).toBe(last - begin + 1)
      }
      expect(client.statistics.counts()).toMatchObject({ invalid: 0, duplicate: 0 })
    }
  })
})
