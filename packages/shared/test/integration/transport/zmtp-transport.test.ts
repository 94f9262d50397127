import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import * as zmq from 'zeromq'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { testTransportContract } from '@zcast/testing/contracts/transport-contract'
import type { Refusal } from '../../../src/security/refusal.ts'
import type { SocketOptions, SubscribeSocket } from '../../../src/transport/transport.ts'
import { formatFrame } from '../../../src/transport/zmtp/zmtp-frames.ts'
import { formatGreeting } from '../../../src/transport/zmtp/zmtp-greeting.ts'
import { ZmtpTransport } from '../../../src/transport/zmtp/zmtp-transport.ts'

testTransportContract('ZmtpTransport', () => new ZmtpTransport())

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Opened {
  readonly socket: SubscribeSocket
  readonly messages: Recorder<readonly string[]>
  readonly refusals: Recorder<Refusal['reason']>
  readonly states: Recorder<string>
}

async function open(options: SocketOptions, prefix = ''): Promise<Opened> {
  const refusals = new Recorder<Refusal['reason']>()
  const transport = new ZmtpTransport({ onRefused: ({ reason }) => refusals.add(reason) })
  const socket = await transport.openSubscribe(options)
  closing.push(() => socket.close())
  const messages = new Recorder<readonly string[]>()
  const states = new Recorder<string>()
  socket.onPeerState(states.add)
  socket.subscribe(prefix)
  const read = async (): Promise<void> => {
    for await (const message of socket.messages())
      messages.add(message.map((part) => Buffer.from(part).toString('latin1')))
  }
  void read()
  return { socket, messages, refusals, states }
}

/** A server of another make. */
async function serve(handle: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function openZeromq(
  options: zmq.SocketOptions<zmq.XPublisher> = {},
  at = 'tcp://127.0.0.1:*',
): Promise<zmq.XPublisher> {
  const publisher = new zmq.XPublisher({ linger: 0, verbosity: 'allSubs', ...options })
  await publisher.bind(at)
  closing.push(() => publisher.close())
  return publisher
}

describe('a subscriber that reads ZMTP itself', () => {
  test('gets whole messages of ZeroMQ, of any size, by TCP and ipc', async () => {
    const file = join(tmpdir(), `zcast-zmtp-${process.pid}`)
    for (const at of ['tcp://127.0.0.1:*', `ipc://${file}`]) {
      const publisher = await openZeromq({ sendHighWaterMark: 0 }, at)
      const { messages } = await open({ connect: [publisher.lastEndpoint ?? at] })
      await publisher.receive()
      const sizes = [0, 1, 255, 256, 70_000, 5_000_000]
      for (const size of sizes) await publisher.send(['topic', 'x'.repeat(size)])
      const got = await messages.count(sizes.length)
      expect(got.map(([topic, body]) => [topic, body?.length])).toEqual(sizes.map((size) => ['topic', size]))
    }
  })

  test('stays with a publisher that looks for a sign of life, and sends one itself', async () => {
    const publisher = await openZeromq({ heartbeatInterval: 30, heartbeatTimeout: 300 })
    const { messages, states } = await open({ connect: [publisher.lastEndpoint as string], heartbeatMs: 200 })
    await publisher.receive()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await publisher.send('still here')
    await messages.count(1)
    expect(states.seen).toEqual(['connected'])
  })

  test('leaves a publisher that says nothing any more', async () => {
    const endpoint = await serve((socket) => {
      socket.write(formatGreeting())
      socket.write(formatFrame(Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x03PUB', 'latin1'), true))
    })
    const { states } = await open({ connect: [endpoint], heartbeatMs: 100 })
    await states.until((seen) => seen.includes('connected') && seen.at(-1) === 'connecting')
  })

  test('is refused by a publisher with keys, and says so', async () => {
    const { publicKey, secretKey } = zmq.curveKeyPair()
    const publisher = await openZeromq({
      curveServer: true,
      curvePublicKey: publicKey,
      curveSecretKey: secretKey,
    })
    const { refusals, states } = await open({ connect: [publisher.lastEndpoint as string] })
    expect(await refusals.count(1)).toEqual(['client-without-keys'])
    await states.last('denied')
  })

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'.padEnd(100)],
    [
      'another kind of socket',
      Buffer.concat([
        formatGreeting(),
        formatFrame(Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x04PUSH', 'latin1'), true),
      ]),
    ],
    [
      'a frame that is larger than it may be',
      Buffer.concat([formatGreeting(), Buffer.from('0200000000ffffffff', 'hex')]),
    ],
  ])('does not take %s for a publisher', async (_, bytes) => {
    const endpoint = await serve((socket) => void socket.write(bytes))
    const { refusals, messages } = await open({ connect: [endpoint] })
    expect(await refusals.count(1)).toEqual(['protocol'])
    expect(messages.seen).toEqual([])
  })

  test('a message over the limit ends that connection, and another one is made', async () => {
    const publisher = await openZeromq()
    const { messages, refusals, states } = await open({
      connect: [publisher.lastEndpoint as string],
      maxMessageBytes: 2000,
    })
    await publisher.receive()
    await publisher.send('x'.repeat(3000))
    expect(await refusals.count(1)).toEqual(['protocol'])
    await states.until((seen) => seen.filter((state) => state === 'connected').length === 2)
    // Its end, and the new one.
    while ((await publisher.receive())[0]?.[0] !== 1);
    await publisher.send('small')
    await messages.count(1)
    expect(messages.seen).toEqual([['small']])
  })

  test('a host that does not exist is told of', async () => {
    const { refusals } = await open({ connect: ['tcp://no-such-host.invalid:5556'] })
    expect(await refusals.count(1)).toEqual(['unknown-host'])
  })
})
