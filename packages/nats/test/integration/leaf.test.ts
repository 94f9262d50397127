import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Publisher } from '@zcast/publisher'
import { Subscriber } from '@zcast/subscribers'
import { freePort } from '@zcast/testing/network/free-ports'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'

describeNats('a site with a NATS server of its own', () => {
  let hub: NatsServer
  let site: NatsServer
  let link: SlowLink
  beforeAll(async () => {
    const port = await freePort()
    hub = await NatsServer.start(`leafnodes { host: 127.0.0.1, port: ${port} }`)
    link = await SlowLink.to(`tcp://127.0.0.1:${port}`, Number.POSITIVE_INFINITY)
    const url = link.endpoint.replace('tcp:', 'nats-leaf:')
    site = await NatsServer.start(`leafnodes { reconnect: 1, remotes: [{ url: "${url}" }] }`)
  })
  afterAll(async () => {
    await site.close()
    await link.close()
    await hub.close()
  })
  const keep = keepForEachTest()

  test('goes on when it was cut off and is back, and counts exactly what it missed', async () => {
    const publisher = keep(await Publisher.open({ connect: hub.endpoint }))
    const topic = publisher.topic('numbers/far')
    const client = keep(await Subscriber.open({ connect: site.endpoint, topics: ['numbers/far'] }))
    const near = keep(await Subscriber.open({ connect: hub.endpoint, topics: ['numbers/far'] }))
    const totals = () => client.statistics.topic('numbers/far').sequence.totals()
    let sent = 0
    const stop = keep.every(5, () => topic.send([sent++]))
    await until(() => totals().received > 20)
    const before = totals().last
    link.cut()
    const cutAt = sent
    await until(() => totals().last > cutAt + 20)
    stop()
    await topic.send([sent++])
    await until(() => totals().last === sent - 1)
    const { first, last, received, lost } = totals()
    expect(received + lost).toBe(last - first + 1)
    expect(last).toBeGreaterThan(before)
    await until(() => near.statistics.topic('numbers/far').sequence.totals().last === sent - 1)
    expect(near.statistics.counts().lost).toBe(0)
  })
})
