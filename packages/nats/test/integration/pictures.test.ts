import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Publisher } from '@zcast/publisher'
import { type Frame, wallClock } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { withSegment, segment } from '@zcast/testing/pictures/jpegs'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'

/** A whole JPEG of at least so many bytes: what is too much is in comments. */
async function jpegOf(bytes: number): Promise<Uint8Array> {
  let jpeg: Uint8Array = await plainPicture(64, 48, [200, 30, 30])
  const comment = segment(0xfe, Buffer.alloc(60_000, 'z'))
  while (jpeg.byteLength < bytes) jpeg = withSegment(jpeg, comment)
  return jpeg
}

describeNats('pictures over NATS', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await NatsServer.start()
  })
  afterAll(() => server.close())
  const keep = keepForEachTest()

  test('one of 3 MiB comes whole, although the server takes 1 MiB at once', async () => {
    const publisher = keep(
      await Publisher.open({ connect: server.endpoint, expectedBytes: 4e6, pictureTopics: 1 }),
    )
    const main = publisher.topic('video/main')
    const viewer = keep(await Subscriber.open({ connect: server.endpoint, topics: ['video/main'] }))
    await main.untilWatched()
    const picture = await jpegOf(3 * 2 ** 20)
    const envelopes = viewer[Symbol.asyncIterator]()
    for (let seq = 0; seq < 3; seq++) {
      await main.send(picture)
      const { value } = await envelopes.next()
      expect(Buffer.compare((value.block as Frame).data, picture)).toBe(0)
    }
    expect(viewer.statistics.counts()).toMatchObject({ received: 3, lost: 0, invalid: 0 })
  })

  test('a viewer behind 300 kB/s shows new ones, and what its network does not carry is withheld', async () => {
    const publisher = keep(
      await Publisher.open({ connect: server.endpoint, expectedBytes: 60_000, pictureTopics: 1 }),
    )
    const main = publisher.topic('video/main')
    const link = await SlowLink.to(server.endpoint.replace('nats:', 'tcp:'), 300_000)
    keep(link)
    const viewer = keep(
      await Subscriber.open({ connect: link.endpoint.replace('tcp:', 'nats:'), topics: ['video/main'] }),
    )
    await main.untilWatched()
    const picture = await jpegOf(60_000)
    keep.every(33, () => main.send(picture))
    const ages: number[] = []
    void (async () => {
      for await (const { block } of viewer) ages.push(wallClock() - block.time)
    })()
    await until(() => ages.length >= (process.env['ZCAST_FIGURES'] ? 80 : 15))
    if (process.env['ZCAST_FIGURES'])
      console.log(ages.map((age) => age.toFixed(2)).join(' '), viewer.statistics.counts())
    expect(Math.max(...ages.slice(10))).toBeLessThan(5)
    expect(viewer.statistics.counts().withheld).toBeGreaterThan(0)
  })
})
