import { afterEach, describe, expect, test } from '@jest/globals'
import { describeRefusal, type Message, type PublishSocket, type Refusal } from '@zcast/shared'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { until } from '@zcast/testing/waiting/until'
import * as zmq from 'zeromq'
import { AnsweringTransport, type AnsweredPattern } from '../../src/sockets/answering-transport.ts'
import { RequestingTransport } from '../../src/sockets/requesting-transport.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** A receiver of another make, which answers when it is told to. */
async function openHub(endpoint = 'tcp://127.0.0.1:*') {
  const socket = new zmq.Reply({ linger: 0 })
  await socket.bind(endpoint)
  closing.push(() => socket.close())
  return {
    socket,
    endpoint: socket.lastEndpoint as string,
    receive: async () => String(await socket.receive()),
  }
}

async function openSender(
  connect: readonly string[],
  {
    pattern = 'request/reply',
    ...options
  }: { pattern?: AnsweredPattern; heartbeatMs?: number; bind?: string[] } = {},
) {
  const refusals = new Recorder<string>()
  const onRefused = (refusal: Refusal): void => refusals.add(describeRefusal(refusal))
  const socket = await new RequestingTransport(pattern, { onRefused }).openPublish({ connect, ...options })
  closing.push(() => socket.close(0))
  const wanted = new Recorder<string>()
  socket.onSubscription((prefix, isWanted) => wanted.add(`${isWanted ? '+' : '-'}${prefix}`))
  return { socket, wanted, refusals }
}

const send = (socket: PublishSocket, text: string, options = {}): Promise<boolean> =>
  socket.send([Buffer.from(text)], options)

async function openReceiver(pattern: AnsweredPattern) {
  const socket = await new AnsweringTransport(pattern, 'OK').openSubscribe({ bind: ['tcp://127.0.0.1:*'] })
  closing.push(() => socket.close())
  const messages = new Recorder<string>()
  const read = async (): Promise<void> => {
    for await (const message of socket.messages()) messages.add(textOf(message))
  }
  return { socket, messages, read, endpoint: socket.endpoints.at(0) as string }
}

const textOf = (message: Message): string => message.map((part) => Buffer.from(part).toString()).join(' ')

describe('a sender whose receivers answer', () => {
  test('wants to be sent to once a receiver is there, and no longer when the last one has gone', async () => {
    const hub = await openHub()
    const other = await openHub()
    const { wanted, socket } = await openSender([hub.endpoint, other.endpoint])
    await wanted.count(2)
    expect(socket.peers).toBe(2)
    hub.socket.close()
    await until(() => socket.peers === 1)
    expect(wanted.seen).toEqual(['+', '+'])
    other.socket.close()
    await wanted.last('-')
    expect(await send(socket, 'for nobody')).toBe(true)
  })

  test('sends the next message when the one before was answered, and of those between the newest', async () => {
    const hub = await openHub()
    const { socket, wanted } = await openSender([hub.endpoint])
    await wanted.count(1)
    const sent: boolean[] = []
    for (let number = 1; number <= 5; number++) sent.push(await send(socket, String(number)))
    // One is on its way, two wait, and two older ones were left out.
    expect(sent).toEqual([true, true, true, false, false])
    for (const expected of ['1', '4', '5']) {
      expect(await hub.receive()).toBe(expected)
      await hub.socket.send('OK')
    }
  })

  test('a patient one waits until there is room', async () => {
    const hub = await openHub()
    const { socket, wanted } = await openSender([hub.endpoint])
    await wanted.count(1)
    const sending = (async () => {
      for (let number = 1; number <= 20; number++) await send(socket, String(number), { patient: true })
    })()
    for (let number = 1; number <= 20; number++) {
      expect(await hub.receive()).toBe(String(number))
      await hub.socket.send('OK')
    }
    await sending
  })

  test('the limit and the signal end the wait of a patient one', async () => {
    const hub = await openHub()
    const { socket, wanted } = await openSender([hub.endpoint])
    await wanted.count(1)
    for (let number = 1; number <= 3; number++) await send(socket, String(number))
    expect(await send(socket, '4', { patient: true, limitMs: 10 })).toBe(false)
    const controller = new AbortController()
    const sending = send(socket, '5', { patient: true, signal: controller.signal })
    controller.abort()
    expect(await sending).toBe(false)
  })

  test('a receiver that does not answer is sent the newest message again on another connection', async () => {
    const hub = await openHub()
    const { socket, wanted, refusals } = await openSender([hub.endpoint], { heartbeatMs: 100 })
    await wanted.count(1)
    await send(socket, 'unanswered')
    expect(await hub.receive()).toBe('unanswered')
    await send(socket, 'older')
    await send(socket, 'newest')
    // REP cannot receive again before it has answered; its answer leads nowhere by then.
    await until(() => wanted.seen.includes('-'))
    expect(refusals.seen[0]).toMatch(/^the receiver at tcp:\S+ took a message and has not answered it/)
    await hub.socket.send('too late')
    expect(await hub.receive()).toBe('newest')
  })

  test('sends what waits before it closes', async () => {
    const hub = await openHub()
    const { socket, wanted } = await openSender([hub.endpoint])
    await wanted.count(1)
    for (const text of ['1', '2', '3']) await send(socket, text)
    const closed = socket.close(10_000)
    for (const expected of ['1', '2', '3']) {
      expect(await hub.receive()).toBe(expected)
      await hub.socket.send('OK')
    }
    await closed
    await expect(send(socket, '4')).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('publishes to usual subscribers where it listens', async () => {
    const { socket, wanted } = await openSender([], { bind: ['tcp://127.0.0.1:*'] })
    const subscriber = new zmq.Subscriber()
    closing.push(() => subscriber.close())
    subscriber.connect(socket.endpoints.at(0) as string)
    subscriber.subscribe('')
    await wanted.last('+')
    await send(socket, 'hello')
    expect(String(await subscriber.receive())).toBe('hello')
  })

  test('an endpoint that is none is refused, and nothing stays open', async () => {
    const opening = new RequestingTransport('pair').openPublish({
      bind: ['tcp://127.0.0.1:*'],
      connect: ['nonsense'],
    })
    await expect(opening).rejects.toMatchObject({ code: 'ERR_ENDPOINT' })
  })
})

describe('a receiver that answers', () => {
  test.each(['request/reply', 'pair'] as const)('and a sender understand each other: %s', async (pattern) => {
    const receiver = await openReceiver(pattern)
    receiver.socket.subscribe('')
    void receiver.read()
    const { socket, wanted } = await openSender([receiver.endpoint], { pattern })
    await wanted.count(1)
    for (let number = 1; number <= 50; number++) await send(socket, String(number), { patient: true })
    expect(await receiver.messages.count(50)).toEqual(
      Array.from({ length: 50 }, (_, index) => String(index + 1)),
    )
  })

  test('answers while nothing is subscribed to, and passes nothing on', async () => {
    const receiver = await openReceiver('request/reply')
    void receiver.read()
    const camera = new zmq.Request({ linger: 0 })
    closing.push(() => camera.close())
    camera.connect(receiver.endpoint)
    await camera.send('unwanted')
    expect(String(await camera.receive())).toBe('OK')
    receiver.socket.subscribe('')
    await camera.send('wanted')
    expect(String(await camera.receive())).toBe('OK')
    expect(await receiver.messages.count(1)).toEqual(['wanted'])
  })

  test('has its senders wait while they are asked to', async () => {
    const receiver = await openReceiver('request/reply')
    receiver.socket.subscribe('')
    receiver.socket.subscribe('!hold')
    void receiver.read()
    const camera = new zmq.Request({ linger: 0 })
    closing.push(() => camera.close())
    camera.connect(receiver.endpoint)
    await camera.send('1')
    let isAnswered = false
    const answered = camera.receive().then(() => (isAnswered = true))
    await receiver.messages.count(1)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(isAnswered).toBe(false)
    receiver.socket.unsubscribe('!hold')
    await answered
  })

  test('passes on a message that is no request as an empty one, and goes on', async () => {
    const receiver = await openReceiver('request/reply')
    receiver.socket.subscribe('')
    void receiver.read()
    const stranger = new zmq.Dealer({ linger: 0 })
    closing.push(() => stranger.close())
    stranger.connect(receiver.endpoint)
    await stranger.send(['no', 'empty', 'part'])
    await stranger.send(['', 'good'])
    expect(await receiver.messages.count(2)).toEqual(['', 'good'])
  })

  test('tells whether senders are there', async () => {
    const receiver = await openReceiver('request/reply')
    const states = new Recorder<string>()
    receiver.socket.onPeerState(states.add)
    void receiver.read()
    const { socket } = await openSender([receiver.endpoint])
    await states.last('connected')
    await socket.close()
    await states.last('connecting')
    expect(states.seen).toEqual(['connected', 'connecting'])
  })
})
