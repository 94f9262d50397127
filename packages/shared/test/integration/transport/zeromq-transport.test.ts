import { once } from 'node:events'
import { createServer, connect as connectTcp, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import * as zmq from 'zeromq'
import { MAX_MESSAGE_BYTES } from '../../../src/envelope.ts'
import { ZeromqTransport } from '../../../src/transport/zeromq-transport.ts'
import { freeEndpoint, freePort } from '@zcast/testing/network/free-ports'
import { Opener } from '@zcast/testing/streams/opened'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { testTransportContract } from '@zcast/testing/contracts/transport-contract'
import { closed } from '@zcast/testing/waiting/closed'

testTransportContract('ZeromqTransport', () => new ZeromqTransport())

const ANY = ['tcp://127.0.0.1:*']
const open = new Opener(() => new ZeromqTransport())
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const portOf = (endpoint: string): number => Number(endpoint.split(':').at(-1))

/** A server that does with each connection what it is told to. */
async function serve(
  handle: (socket: Socket) => void,
  port?: number,
): Promise<Server & { endpoint: string }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    handle(socket)
  })
  server.listen(port ?? (await freePort()), '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return Object.assign(server, { endpoint: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

describe('a publisher', () => {
  test('cuts off a subscriber that asks for more than any topic is long, and serves the others', async () => {
    const publisher = await open.publish({ bind: ANY })
    const { endpoint, subscriptions } = publisher
    const good = await open.subscribe({ connect: [endpoint] }, ['a'])
    await subscriptions.count(1)
    const bad = await open.subscribe({ connect: [endpoint] }, ['x'.repeat(2000)])
    await bad.states.last('connecting')
    await publisher.send('a', 'served')
    expect(await good.messages.count(1)).toEqual(['a served'])
    expect(good.states.seen).toEqual(['connected'])
    expect(subscriptions.seen).toEqual(['+a'])
  })
})

describe('a connection that ZeroMQ gives up', () => {
  test('is made anew after a message over the limit', async () => {
    const publisher = new zmq.XPublisher({ linger: 0, verbosity: 'allSubsUnsubs' })
    closing.push(() => publisher.close())
    await publisher.bind('tcp://127.0.0.1:*')
    const endpoint = publisher.lastEndpoint as string
    const { states, messages } = await open.subscribe({ connect: [endpoint] }, ['a'])
    await publisher.receive()
    await publisher.send(['a', 'before'])
    await messages.count(1)
    await publisher.send(['a', Buffer.alloc(MAX_MESSAGE_BYTES + 1)])
    await states.last('connecting')
    // The end of the first subscription, and the second one.
    await publisher.receive()
    await publisher.receive()
    await publisher.send(['a', 'after'])
    expect(await messages.count(2)).toEqual(['a before', 'a after'])
    expect(states.seen).toEqual(['connected', 'connecting', 'connected'])
  })

  const greeting = Buffer.alloc(64)
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0])
  greeting.write('NULL', 12)

  test.each<[string, Buffer]>([
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['random bytes', Buffer.from([0xff, ...Array.from({ length: 200 }, (_, index) => (index * 37) % 251)])],
    ['a frame of 2^60 bytes', Buffer.concat([greeting, Buffer.from([2, 0x10, 0, 0, 0, 0, 0, 0, 0])])],
    ['a greeting alone', greeting],
  ])('is made anew after %s from something else than a publisher', async (_, garbage) => {
    const connections = new Recorder<Socket>()
    const server = await serve((socket) => {
      socket.resume().end(garbage)
      connections.add(socket)
    })
    const { states, messages } = await open.subscribe({ connect: [server.endpoint] }, ['a'])
    await connections.count(2)
    server.close()
    await once(server, 'close')
    const publisher = await open.publishAgain(server.endpoint)
    await publisher.subscriptions.last('+a')
    await publisher.send('a', 'real')
    expect(await messages.count(1)).toEqual(['a real'])
    // Random bytes can look like a greeting that asks for keys of a kind that nobody has.
    expect(states.seen.filter((state) => state !== 'denied')).toEqual(['connected'])
  })

  test('is made anew by a publisher that connects, too', async () => {
    const connections = new Recorder<Socket>()
    const server = await serve((socket) => {
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')
      connections.add(socket)
    })
    const publisher = await open.publish({ connect: [server.endpoint] })
    await connections.count(2)
    server.close()
    await once(server, 'close')
    let subscriber
    while (!subscriber) {
      // The port that was just given up is free some time later.
      subscriber = await open.subscribe({ bind: [server.endpoint] }, ['a']).catch(() => undefined)
    }
    await publisher.subscriptions.last('+a')
    await publisher.send('a', 'real')
    expect(await subscriber.messages.count(1)).toEqual(['a real'])
  })

  test.each(['127.0.0.1', 'localhost'])(
    'is made anew by ZeroMQ itself when the publisher at %s restarts, and left alone then',
    async (host) => {
      const endpoint = await freeEndpoint()
      let publisher = await open.publish({ bind: [endpoint] })
      const connect = [endpoint.replace('127.0.0.1', host)]
      const { states, messages } = await open.subscribe({ connect }, ['a'])
      for (let round = 1; round <= 2; round++) {
        await publisher.subscriptions.last('+a')
        await publisher.socket.close()
        await states.last('connecting')
        publisher = await open.publishAgain(endpoint)
        await publisher.subscriptions.last('+a')
        await states.last('connected')
        // A connection that was given up would be made anew a second after its end: this one must stay.
        await delay(1200)
        await publisher.send('a', String(round))
        await messages.count(round)
        expect(publisher.subscriptions.seen).toEqual(['+a'])
      }
      await publisher.socket.close()
      await states.last('connecting')
      expect(messages.seen).toEqual(['a 1', 'a 2'])
    },
  )
})

describe('strangers', () => {
  test('that connect to a listening subscriber do not pass for its publisher', async () => {
    const { endpoint, states, messages } = await open.subscribe({ bind: ANY }, ['a'])
    const publisher = await open.publish({ connect: [endpoint] })
    await publisher.subscriptions.last('+a')
    for (const garbage of ['GET / HTTP/1.0\r\n\r\n', '', '\u00ff']) {
      const stranger = connectTcp(portOf(endpoint), '127.0.0.1')
      stranger.on('error', () => undefined)
      await once(stranger, 'connect')
      stranger.end(garbage, 'latin1')
      stranger.resume()
      await closed(stranger)
    }
    await publisher.send('a', 'still here')
    await messages.count(1)
    expect(states.seen).toEqual(['connected'])
    await publisher.socket.close()
    await states.last('connecting')
  })

  test('that talk garbage to a publisher leave it to its subscribers', async () => {
    const publisher = await open.publish({ bind: ANY })
    const { messages } = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
    await publisher.subscriptions.last('+a')
    const stranger = connectTcp(portOf(publisher.endpoint), '127.0.0.1')
    stranger.on('error', () => undefined)
    stranger.end('GET / HTTP/1.0\r\n\r\n')
    stranger.resume()
    await closed(stranger)
    await publisher.send('a', 'still here')
    expect(await messages.count(1)).toEqual(['a still here'])
  })

  test('cannot pass off messages as subscriptions', async () => {
    const publisher = await open.publish({ bind: ANY })
    const stranger = new zmq.XSubscriber({ linger: 0 })
    closing.push(() => stranger.close())
    stranger.connect(publisher.endpoint)
    for (const message of ['\u0005video/main', '', '\u0002', `\u0001${'a'.repeat(131)}`, '\u0001a']) {
      await stranger.send(Buffer.from(message, 'latin1'))
    }
    await publisher.subscriptions.last('+a')
    expect(publisher.subscriptions.seen).toEqual(['+a'])
  })
})

test('the subscriptions of a peer that vanishes without a word are reported as ended', async () => {
  const publisher = await open.publish({ bind: ANY })
  const through = new Set<Socket>()
  const proxy = await serve((socket) => {
    const onward = connectTcp(portOf(publisher.endpoint), '127.0.0.1')
    onward.on('error', () => undefined)
    for (const end of [socket, onward]) through.add(end)
    socket.pipe(onward).pipe(socket)
  })
  await open.subscribe({ connect: [proxy.endpoint] }, ['a', 'b'])
  await publisher.subscriptions.count(2)
  proxy.close()
  for (const socket of through) socket.destroy()
  const ends = (await publisher.subscriptions.count(4)).slice(2)
  expect(ends.toSorted()).toEqual(['-a', '-b'])
})

test('an address of another machine cannot be listened on, and the error says what can', async () => {
  // 192.0.2.0/24 is set aside for documentation (RFC 5737): no machine has it.
  const error = { code: 'ERR_ADDRESS_UNAVAILABLE', endpoint: 'tcp://192.0.2.1:*' }
  await expect(open.transport.openPublish({ bind: ['tcp://192.0.2.1:*'] })).rejects.toMatchObject(error)
})

test('localhost can be listened on', async () => {
  const publisher = await open.publish({ bind: ['tcp://localhost:*'] })
  expect(publisher.endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
})

test('what is queued is sent before the socket is gone', async () => {
  const publisher = await open.publish({ bind: ANY })
  const { messages } = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
  await publisher.subscriptions.last('+a')
  for (let sent = 0; sent < 500; sent++) await publisher.send('a', String(sent))
  await publisher.socket.close(5000)
  await messages.count(500)
})
