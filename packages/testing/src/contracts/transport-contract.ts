import { describe, expect, test } from '@jest/globals'
import type { Transport } from '@zcast/shared'
import { freeEndpoint } from '../network/free-ports.ts'
import { Opener } from '../streams/opened.ts'
import { Recorder } from '../waiting/recorder.ts'

const ANY = ['tcp://127.0.0.1:*']

/**
 * The promises of {@link Transport}, as tests; each implementation's test calls this once.
 *
 * @param server - The endpoint of the server that both ends connect to. Default: one of them listens.
 */
export function testTransportContract(name: string, create: () => Transport, server?: () => string): void {
  const own = (): { readonly bind?: string[]; readonly connect?: string[] } =>
    server ? { connect: [server()] } : { bind: ANY }
  /** For what only an end that listens can promise. */
  const listening = server ? test.skip : test
  describe(`${name} keeps the contract of a transport`, () => {
    const open = new Opener(create)

    test('names its pattern', () => {
      expect(create().pattern).toBe('publish/subscribe')
    })

    listening('tells the port that was chosen, and a subscriber reaches it', async () => {
      const publisher = await open.publish(own())
      expect(publisher.endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
      const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a/'])
      expect(subscriber.endpoint).toBe(publisher.endpoint)
      await publisher.subscriptions.last('+a/')
      expect(await publisher.send('a/1', 'header', '')).toBe(true)
      expect(await subscriber.messages.count(1)).toEqual(['a/1 header '])
    })

    test('delivers whole messages in order, to those whose prefix fits', async () => {
      const publisher = await open.publish(own())
      const connect = [publisher.endpoint]
      const cam1 = await open.subscribe({ connect }, ['video/cam1'])
      const all = await open.subscribe({ connect }, [''])
      const both = await open.subscribe({ connect }, ['numbers/', 'video/cam10'])
      await publisher.subscriptions.count(4)
      const topics = ['video/cam1', 'numbers/a', 'video/cam10', 'video/cam2', 'end']
      for (const topic of topics) await publisher.send(topic, 'x')
      expect(await all.messages.count(5)).toEqual(topics.map((topic) => `${topic} x`))
      expect(await cam1.messages.count(2)).toEqual(['video/cam1 x', 'video/cam10 x'])
      expect(await both.messages.count(2)).toEqual(['numbers/a x', 'video/cam10 x'])
    })

    test('gives nothing of what was sent before somebody subscribed', async () => {
      const publisher = await open.publish(own())
      await publisher.send('a', 'early')
      const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
      await publisher.subscriptions.last('+a')
      await publisher.send('a', 'late')
      expect(await subscriber.messages.count(1)).toEqual(['a late'])
    })

    test('a subscription asked for twice ends with the second unsubscribe', async () => {
      const publisher = await open.publish(own())
      const { socket, messages } = await open.subscribe({ connect: [publisher.endpoint] })
      socket.subscribe('a')
      socket.subscribe('a')
      socket.subscribe('b')
      await publisher.subscriptions.last('+b')
      socket.unsubscribe('a')
      socket.subscribe('c')
      await publisher.subscriptions.last('+c')
      await publisher.send('a', 'still')
      await messages.count(1)
      socket.unsubscribe('a')
      await publisher.subscriptions.last('-a')
      await publisher.send('a', 'no more')
      await publisher.send('b', 'end')
      expect(await messages.count(2)).toEqual(['a still', 'b end'])
      expect(publisher.subscriptions.seen.filter((change) => change.startsWith('-'))).toEqual(['-a'])
    })

    test('reports the subscriptions of each peer, and the end of the last one, also that of a peer which has gone', async () => {
      const publisher = await open.publish(own())
      const connect = [publisher.endpoint]
      const first = await open.subscribe({ connect }, ['a'])
      await publisher.subscriptions.count(1)
      const second = await open.subscribe({ connect }, ['a', 'b'])
      expect((await publisher.subscriptions.count(3)).toSorted()).toEqual(['+a', '+a', '+b'])
      await second.socket.close()
      expect((await publisher.subscriptions.count(4)).slice(3)).toEqual(['-b'])
      first.socket.unsubscribe('a')
      expect((await publisher.subscriptions.count(5)).slice(4)).toEqual(['-a'])
    })

    test('a peer that asked for the same twice leaves nothing behind when it goes', async () => {
      const publisher = await open.publish(own())
      const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a', 'a', 'b'])
      await publisher.subscriptions.last('+b')
      await subscriber.socket.close()
      await publisher.subscriptions.until((seen) => seen.includes('-a') && seen.includes('-b'))
    })

    test('tells when the first peer comes and when the last one is gone', async () => {
      const publisher = await open.publish(own())
      const other = await open.publish(own())
      const subscriber = await open.subscribe({ connect: [publisher.endpoint, other.endpoint] }, ['a'])
      await subscriber.states.last('connected')
      const late: string[] = []
      subscriber.socket.onPeerState((state) => late.push(state))
      expect(late).toEqual(['connected'])
      await publisher.subscriptions.last('+a')
      await other.subscriptions.last('+a')
      await publisher.socket.close()
      await other.send('a', 'still here')
      await subscriber.messages.count(1)
      await other.socket.close()
      await subscriber.states.last('connecting')
      expect(subscriber.states.seen).toEqual(['connected', 'connecting'])
    })

    test('a subscriber may be there first, and goes on with a publisher that comes back', async () => {
      const endpoint = server?.() ?? (await freeEndpoint())
      const subscriber = await open.subscribe({ connect: [endpoint] }, ['a'])
      for (let round = 1; round <= 2; round++) {
        const publisher = await (server ? open.publish(own()) : open.publishAgain(endpoint))
        await publisher.subscriptions.last('+a')
        await publisher.send('a', String(round))
        await subscriber.messages.count(round)
        await publisher.socket.close()
        await subscriber.states.last('connecting')
      }
      expect(subscriber.messages.seen).toEqual(['a 1', 'a 2'])
      // An endpoint that was just released may accept one more connection before it is gone.
      expect(subscriber.states.seen.slice(-4)).toEqual(['connected', 'connecting', 'connected', 'connecting'])
    })

    test('a subscriber may listen, and many publishers connect to it', async () => {
      const subscriber = await open.subscribe(own(), ['a'])
      expect(subscriber.endpoint).toMatch(/:\d+$/)
      const connect = [subscriber.endpoint]
      const first = await open.publish({ connect })
      const second = await open.publish({ connect })
      for (const publisher of [first, second]) await publisher.subscriptions.last('+a')
      await first.send('a', 'first')
      await second.send('a', 'second')
      expect((await subscriber.messages.count(2)).toSorted()).toEqual(['a first', 'a second'])
      await first.socket.close()
      await second.send('a', 'third')
      await subscriber.messages.count(3)
      await second.socket.close()
      await subscriber.states.last('connecting')
      expect(subscriber.states.seen).toEqual(['connected', 'connecting'])
    })

    test('counts the subscribers that are there, and tells of each change', async () => {
      const publisher = await open.publish(own())
      const counts = new Recorder<number>()
      publisher.socket.onPeers(() => counts.add(publisher.socket.peers))
      const connect = [publisher.endpoint]
      const first = await open.subscribe({ connect })
      await counts.last(1)
      await open.subscribe({ connect })
      await counts.last(2)
      await first.socket.close()
      await counts.last(1)
    })

    test('a publisher hears what a subscriber tells, after the subscription before it', async () => {
      const publisher = await open.publish(own())
      const heard = new Recorder<string>()
      publisher.socket.onTold((told) => {
        heard.add(`${Buffer.from(told).toString()} after ${publisher.subscriptions.seen.join(' ')}`)
      })
      const { socket } = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
      await publisher.subscriptions.last('+a')
      socket.subscribe('b')
      socket.tell(Buffer.from('hello'))
      socket.tell(Buffer.alloc(0))
      expect(await heard.count(2)).toEqual(['hello after +a +b', ' after +a +b'])
      await socket.close()
      socket.tell(Buffer.from('after the end'))
      await publisher.subscriptions.last('-b')
      expect(heard.seen).toHaveLength(2)
    })

    test('says when it passes a full queue over', async () => {
      const publisher = await open.publish({ ...own(), highWaterMark: 2 })
      await open.subscribe({ connect: [publisher.endpoint], highWaterMark: 2 }, ['a'], { read: false })
      await publisher.subscriptions.last('+a')
      expect(await publisher.send('a', 'x')).toBe(true)
      const megabyte = 'x'.repeat(2 ** 20)
      while (await publisher.send('a', megabyte)) await new Promise(setImmediate)
      expect(await publisher.send('b', 'nobody asked for it')).toBe(true)
    })

    test('a slow subscriber loses messages, and holds up neither the publisher nor others', async () => {
      const publisher = await open.publish({ ...own(), highWaterMark: 2 })
      const options = { connect: [publisher.endpoint], highWaterMark: 2 }
      const slow = await open.subscribe(options, ['a'], { read: false })
      const quick = await open.subscribe(options, ['a'])
      await publisher.subscriptions.count(2)
      // More than the kernel's buffers hold for a reader that does not read.
      const megabyte = 'x'.repeat(2 ** 20)
      for (let sent = 1; sent <= 60; sent++) {
        await publisher.send('a', String(sent), megabyte)
        await quick.messages.count(sent)
      }
      void slow.read()
      // Its queue is full until it has read: the end is sent until it gets through.
      const isEnd = (message: string | undefined): boolean => message === 'a end'
      while (!isEnd(slow.messages.seen.at(-1))) {
        await publisher.send('a', 'end')
        await new Promise(setImmediate)
      }
      expect(slow.messages.seen.filter((message) => !isEnd(message)).length).toBeLessThan(60)
    })

    test('a patient publisher waits for a slow subscriber, and nothing is lost', async () => {
      const publisher = await open.publish({ ...own(), highWaterMark: 5, patient: true })
      const options = { connect: [publisher.endpoint], highWaterMark: 5 }
      const subscriber = await open.subscribe(options, ['a'])
      await publisher.subscriptions.last('+a')
      for (let sent = 0; sent < 3000; sent++) await publisher.send('a', String(sent))
      expect(await subscriber.messages.count(3000)).toEqual(
        Array.from({ length: 3000 }, (_, sent) => `a ${sent}`),
      )
    })

    test('a signal ends the wait of a patient publisher for a subscriber that reads nothing', async () => {
      const publisher = await open.publish({ ...own(), highWaterMark: 1, patient: true })
      const options = { connect: [publisher.endpoint], highWaterMark: 1 }
      await open.subscribe(options, ['a'], { read: false })
      await publisher.subscriptions.last('+a')
      const megabyte = Buffer.alloc(2 ** 20)
      let handedOn = true
      for (let sent = 0; sent < 200 && handedOn; sent++) {
        const controller = new AbortController()
        const { signal } = controller
        const sending = publisher.socket.send([Buffer.from('a'), megabyte], { patient: true, signal })
        // A message that has not been sent after this many turns waits for room; once the kernel's buffers are full,
        // there is none.
        await Promise.race([sending, turns(50)])
        controller.abort()
        handedOn = await sending
      }
      expect(handedOn).toBe(false)
    })

    test('sending after close is refused, and closing twice is allowed', async () => {
      const publisher = await open.publish(own())
      await Promise.all([publisher.socket.close(), publisher.socket.close()])
      await publisher.socket.close()
      await expect(publisher.send('a')).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    })

    test('closing a subscriber ends its messages, also while one is waited for', async () => {
      const publisher = await open.publish(own())
      const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
      const reading = subscriber.read()
      await Promise.all([subscriber.socket.close(), subscriber.socket.close()])
      await reading
      const { socket } = await open.subscribe({ connect: [publisher.endpoint] }, [], { read: false })
      await socket.close()
      for await (const message of socket.messages()) expect(message).toBeUndefined()
    })

    listening('an endpoint in use is named, and what was bound before it is given back', async () => {
      const { endpoint } = await open.publish(own())
      const free = await freeEndpoint()
      const both = [free, endpoint]
      const inUse = { code: 'ERR_ADDRESS_IN_USE', endpoint }
      await rejectsWith(() => open.transport.openPublish({ bind: both }), inUse)
      await rejectsWith(() => open.transport.openSubscribe({ bind: both }), inUse)
      await open.publishAgain(free)
    })

    listening.each([
      ['bind', 'nonsense'],
      ['bind', 'tcp://127.0.0.1:0'],
      ['bind', 'udp://127.0.0.1:1'],
      ['connect', 'nonsense'],
      ['connect', 'tcp://127.0.0.1:*'],
      ['connect', 'tcp://*:5556'],
    ] as const)('refuses to %s %s, and keeps nothing bound', async (how, bad) => {
      const free = await freeEndpoint()
      const options = how === 'bind' ? { bind: [free, bad] } : { bind: [free], connect: [bad] }
      const expected = { code: 'ERR_ENDPOINT', endpoint: bad }
      await rejectsWith(() => open.transport.openPublish(options), expected)
      await rejectsWith(() => open.transport.openSubscribe(options), expected)
      await open.publishAgain(free)
    })
  })
}

/** Some turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

/** Retries while an endpoint that was just released is not free yet. */
async function rejectsWith(
  work: () => Promise<unknown>,
  expected: { code: string; endpoint: string },
): Promise<void> {
  for (;;) {
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason as { code: string; endpoint: string },
    )
    if (error?.code === 'ERR_ADDRESS_IN_USE' && error.endpoint !== expected.endpoint) {
      await new Promise(setImmediate)
      continue
    }
    expect(error).toMatchObject(expected)
    return
  }
}
