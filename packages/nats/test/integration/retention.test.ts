import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { Publisher } from '@zcast/publisher'
import type { Frame, NumbersBlock, Refusal } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { segment, withSegment } from '@zcast/testing/pictures/jpegs'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'
import { TextClient } from '../support/text-client.ts'

describeNats('what a NATS server keeps', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await NatsServer.start('jetstream { store_dir: "FOLDER/js" }')
  })
  afterAll(() => server.close())
  const keep = keepForEachTest()
  const retain = { maxAgeMs: 3_600_000, maxBytes: 10e6 }

  test('is numbers from a moment on, and then those that come, each once and in order', async () => {
    const connect = server.endpoint
    const publisher = keep(
      await Publisher.open({ connect, transport: new NatsTransport({ nats: { retain } }) }),
    )
    const topic = publisher.topic('numbers/past')
    for (let value = 0; value < 50; value++) await topic.send([value])
    let next = 50
    keep.every(5, () => topic.send([next++]))
    const client = keep(
      await Subscriber.open({
        connect,
        topics: ['numbers/past'],
        transport: new NatsTransport({ nats: { since: new Date(Date.now() - 60_000) } }),
      }),
    )
    const values: number[] = []
    for await (const { block } of client) {
      values.push(...(block as NumbersBlock).data)
      if (values.length >= 150) break
    }
    expect(values.slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, index) => index))
    expect(client.statistics.counts()).toMatchObject({ lost: 0, duplicate: 0, repeated: 0 })
  })

  test.each([
    ['all topics of a kind', 'numbers/', []],
    ['a topic from a stream that somebody has made for everything', 'numbers/b', ['zc.>']],
  ])('is read of %s', async (_name, wanted, subjects) => {
    const own = keep(await NatsServer.start('jetstream { store_dir: "FOLDER/js" }'))
    if (subjects.length > 0) {
      const other = keep(new TextClient(own.port))
      const stream = JSON.stringify({ name: 'all', subjects, storage: 'memory', retention: 'limits' })
      await other.request('$JS.API.STREAM.CREATE.all', stream, 'stream_create_response')
    }
    const connect = own.endpoint
    const publisher = keep(
      await Publisher.open({ connect, transport: new NatsTransport({ nats: { retain } }) }),
    )
    for (const name of ['numbers/a', 'numbers/b'] as const) {
      const topic = publisher.topic(name)
      for (let value = 0; value < 3; value++) await topic.send([value])
    }
    await untilKept(own.port, 6)
    const refusals: Refusal[] = []
    const client = keep(
      await Subscriber.open({
        connect,
        topics: [wanted],
        transport: new NatsTransport({
          nats: { since: new Date(Date.now() - 60_000) },
          onRefused: (refusal) => refusals.push(refusal),
        }),
      }),
    )
    const expected = wanted === 'numbers/' ? 6 : 3
    await until(() => client.statistics.counts().received === expected)
    expect(refusals).toEqual([])
  })

  test('is the newest picture, in all its parts, for who joins when its publisher has gone', async () => {
    const connect = server.endpoint
    const publisher = await Publisher.open({
      connect,
      expectedBytes: 4e6,
      pictureTopics: 1,
      transport: new NatsTransport({ nats: { retain } }),
    })
    const topic = publisher.topic('video/kept')
    let picture: Uint8Array = await plainPicture(64, 48, [20, 130, 30])
    while (picture.byteLength < 2.5e6)
      picture = withSegment(picture, segment(0xfe, Buffer.alloc(60_000, 'z')))
    await topic.send(await plainPicture(64, 48, [1, 2, 3]))
    await topic.send(picture)
    await publisher.close()
    const viewer = keep(await Subscriber.open({ connect, topics: ['video/kept'] }))
    for await (const { block, retained } of viewer) {
      expect(retained).toBe(true)
      expect(Buffer.compare((block as Frame).data, picture)).toBe(0)
      break
    }
  })

  test('is no more than it has room for, which is said, and sending goes on', async () => {
    const full = keep(
      await NatsServer.start(
        'jetstream { store_dir: "FOLDER/js", max_file_store: 100KB, max_memory_store: 1MB }',
      ),
    )
    const refusals: Refusal[] = []
    const onRefused = (refusal: Refusal): void => void refusals.push(refusal)
    const connect = full.endpoint
    const publisher = keep(
      await Publisher.open({ connect, transport: new NatsTransport({ nats: { retain: {} }, onRefused }) }),
    )
    const topic = publisher.topic('numbers/full')
    const client = keep(await Subscriber.open({ connect, topics: ['numbers/full'] }))
    await topic.untilWatched()
    const row = Array.from({ length: 1000 }, (_, index) => index)
    keep.every(20, () => topic.send(row))
    await until(() => refusals.length > 0)
    expect(refusals[0]).toMatchObject({
      reason: 'not-kept',
      detail: expect.stringMatching(/^its JetStream refuses what is sent: /),
    })
    const { received } = client.statistics.counts()
    await until(() => client.statistics.counts().received > received + 3)
    expect(client.statistics.counts().lost).toBe(0)
  })

  test('is nothing where the server has no JetStream, which is said, and sending goes on', async () => {
    const plain = keep(await NatsServer.start())
    const refusals: Refusal[] = []
    const onRefused = (refusal: Refusal): void => void refusals.push(refusal)
    const connect = plain.endpoint
    const publisher = keep(
      await Publisher.open({ connect, transport: new NatsTransport({ nats: { retain }, onRefused }) }),
    )
    const topic = publisher.topic('numbers/a')
    const client = keep(await Subscriber.open({ connect, topics: ['numbers/a'] }))
    await topic.untilWatched()
    await topic.send([1])
    await until(() => client.statistics.counts().received === 1)
    expect(refusals).toEqual([
      expect.objectContaining({ reason: 'not-kept', detail: expect.stringMatching(/nats-server -js/) }),
    ])
  })
})

/** Resolves when all streams of a server hold so many messages: what is sent while connecting is kept a little later. */
async function untilKept(port: number, messages: number): Promise<void> {
  for (let kept = 0; kept < messages;) {
    const client = new TextClient(port)
    await client.request('$JS.API.STREAM.LIST', '', 'stream_list_response')
    const answer = client.lines.seen.find((line) => line.includes('stream_list_response')) ?? ''
    await client.close()
    kept = [...answer.matchAll(/"messages":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  }
}
