import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { Publisher } from '@zcast/publisher'
import { MsgpackCodec, type NumbersBlock, type Refusal } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { until } from '@zcast/testing/waiting/until'
import { keepForEachTest } from '../support/kept.ts'
import { TextClient } from '../support/text-client.ts'

describeNats('other programs on a NATS server', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await NatsServer.start()
  })
  afterAll(() => server.close())
  const keep = keepForEachTest()
  const codec = new MsgpackCodec()
  const array = (seq: number): Uint8Array =>
    codec.encode({
      topic: 'numbers/theirs',
      epoch: 5,
      block: { kind: 'numbers', seq, time: seq, rows: 1, columns: 1, data: Float64Array.of(seq) },
    })[1] ?? new Uint8Array()

  test('send values without a word about themselves, and what they say otherwise is counted as unsupported', async () => {
    const client = keep(await Subscriber.open({ connect: server.endpoint, topics: ['numbers/theirs'] }))
    const other = keep(new TextClient(server.port))
    let seq = 0
    const values = client[Symbol.asyncIterator]()
    const first = values.next()
    const stop = keep.every(20, () => other.publish('zc.numbers.theirs', array(seq++)))
    const { value } = await first
    stop()
    expect((value.block as NumbersBlock).columns).toBe(1)
    expect(client.state).toBe('live')
    other.publish('zc.numbers.theirs', Buffer.from('{"temp": 21}'))
    other.publish('zc.numbers', Buffer.from('x'))
    other.publish('zc.want.x', Buffer.from('nonsense'))
    other.publish('zc.here', Buffer.from('nonsense'))
    other.publish('zc.numbers.theirs', array(seq++))
    await until(() => client.statistics.topic('numbers/theirs').unsupported === 1)
    await until(() => client.statistics.topic('numbers/theirs').sequence.totals().last === seq - 1)
    expect(client.statistics.counts()).toMatchObject({ lost: 0, invalid: 0 })
  })

  test('may say anything with any headers: values that are good come all the same', async () => {
    const topics = ['numbers/', 'video/']
    const client = keep(await Subscriber.open({ connect: server.endpoint, topics }))
    const publisher = keep(await Publisher.open({ connect: server.endpoint }))
    const topic = publisher.topic('numbers/good')
    await topic.untilWatched()
    const other = keep(new TextClient(server.port))
    const body = Buffer.from('x')
    const parts = ['0/3', '3/2', '2/1024', '1/1025', '2/3', '2/3', '3/3', '-1/2', '1e9/2', '', '2/2, 2/2']
    for (const subject of ['zc.numbers.bad', 'zc.numbers.bad.2', 'zc.video.bad.1024', 'zc.video']) {
      for (const part of parts) other.publish(subject, body, [`Zc-Part: ${part}`, 'Nats-Msg-Id: a:1'])
      for (const sizes of ['1', '2', '0,1', '-1', '1,'.repeat(20_000), '99999999999', 'none', '1e0'])
        other.publish(subject, array(1), [`Zc-Sizes: ${sizes}`])
    }
    const numbers = ['Zc-Seq: -1', 'Zc-Epoch: 1e400', 'Zc-Time: NaN', 'Zc-Hops: 18446744073709551616']
    other.publish('zc.numbers.bad', array(2), numbers)
    other.publish(
      'zc.numbers.bad',
      body,
      Array.from({ length: 3000 }, (_, index) => `X-${index}: ${index}`),
    )
    other.publish('zc.numbers.bad', body, ['no colon', ': no name', 'Zc-Part', 'Zc-Topic: %'])
    for (const subject of [
      'zc.begin.numbers.1',
      'zc.begin',
      'zc.numbers.%ZZ.%',
      'zc.numbers.~.~.~',
      'zc.%00',
    ])
      other.publish(subject, array(3), ['Zc-Topic: %E0%A4%A', 'Zc-Part: 2/2'])
    for (const wish of ['{"want":' + '['.repeat(5000), '{"want":[1]}', '[]', 'null', '{"want":{"a":1}}'])
      for (const subject of ['zc.want.x', 'zc.want.x.told', 'zc.want.x.told.y', 'zc.here'])
        other.publish(subject, Buffer.from(wish))
    for (const { seq, time } of [
      { seq: 2 ** 53, time: 0 },
      { seq: -1, time: 0 },
      { seq: 1, time: Number.NaN },
      { seq: 1.5, time: 1e308 },
    ]) {
      const block = { kind: 'numbers', seq, time, rows: 1, columns: 1, data: Float64Array.of(1) } as const
      const [, header] = codec.encode({ topic: 'numbers/odd', epoch: 5, block })
      other.publish('zc.numbers.odd', header ?? body)
    }
    other.say('PING')
    await other.lines.until((lines) => lines.includes('PONG'))
    for (let value = 0; value < 5; value++) await topic.send([value])
    await until(() => client.statistics.topic('numbers/good').sequence.totals().received === 5)
    expect(client.statistics.topic('numbers/good').sequence.totals().lost).toBe(0)
    expect(client.statistics.topic('numbers/bad').unsupported).toBeGreaterThan(0)
  })

  test('receive what others asked for, and what they ask for themselves, with its numbers as text', async () => {
    const publisher = keep(await Publisher.open({ connect: server.endpoint }))
    const topic = publisher.topic('numbers/ours')
    const other = keep(new TextClient(server.port))
    other.say('SUB zc.numbers.ours 1')
    const wish = '{"want": ["numbers/ours"]}'
    const stopAsking = keep.every(100, () => other.publish('zc.want.me', Buffer.from(wish)))
    await topic.untilWatched()
    stopAsking()
    await topic.send([1])
    await other.lines.until((lines) => lines.some((line) => line.startsWith('HMSG zc.numbers.ours 1 ')))
    await other.lines.until((lines) => lines.includes('Zc-Seq: 0'))
    expect(other.lines.seen.filter((line) => line.startsWith('Nats-Msg-Id: ')).join()).toMatch(
      /^Nats-Msg-Id: \d+:numbers\/ours:0:1$/,
    )
    other.publish('zc.want.me', Buffer.from('{"gone": true}'))
    await until(() => !topic.isWatched)
  })

  test('and users who may not do what is needed are told so, without their passwords', async () => {
    const strict = keep(
      await NatsServer.start(
        'authorization { users: [{ user: ann, password: pw, permissions: { publish: "x", subscribe: "x" } }] }',
      ),
    )
    const refusals: Refusal[] = []
    const transport = new NatsTransport({ onRefused: (refusal) => refusals.push(refusal) })
    const endpoint = strict.endpoint.replace('//', '//ann:pw@')
    const client = keep(await Subscriber.open({ connect: endpoint, topics: ['numbers/a'], transport }))
    await until(() => refusals.length > 0)
    expect(refusals[0]).toMatchObject({
      reason: 'not-permitted',
      endpoint: strict.endpoint.replace('//', '//***@'),
    })
    expect(client.endpoints.join()).not.toContain('pw')
  })
})
