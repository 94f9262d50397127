import { afterEach, describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { MsgpackCodec } from '@zcast/shared'
import { rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { until } from '@zcast/testing/waiting/until'
import { useAnsweringPublisher, useServer } from '../support/served.ts'

const codec = new MsgpackCodec()
const serve = useServer()
const openPublisher = useAnsweringPublisher()
const sockets: WebSocket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate()
})

/** Tries to connect. @returns The subprotocol that was agreed on, or the HTTP status that refused it. */
function tryToConnect(
  address: string,
  subprotocols: string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<string | number> {
  const socket = new WebSocket(address, subprotocols, { headers })
  sockets.push(socket)
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket.protocol))
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
    socket.on('error', () => {})
  })
}

describe('who may connect', () => {
  test.each([
    [['foxglove.sdk.v1', 'foxglove.websocket.v1'], 'foxglove.sdk.v1'],
    [['foxglove.websocket.v1', 'foxglove.sdk.v1'], 'foxglove.websocket.v1'],
    [['other', 'foxglove.websocket.v1'], 'foxglove.websocket.v1'],
    [['other'], 400],
    [[], 400],
  ])('a client that offers %j gets %s', async (offered, expected) => {
    const { raw } = await openPublisher()
    const { server } = await serve({ connect: [raw.endpoint] })
    expect(await tryToConnect(server.address, offered)).toBe(expected)
  })

  test('a web app of another origin only when it is allowed, and the refusal is logged with the remedy', async () => {
    const { raw } = await openPublisher()
    const { server, log } = await serve({
      connect: [raw.endpoint],
      allowedOrigins: ['https://lichtblick.example', 'file://'],
    })
    const from = (origin: string): Promise<string | number> =>
      tryToConnect(server.address, ['foxglove.sdk.v1'], { origin })
    expect(await from('https://lichtblick.example')).toBe('foxglove.sdk.v1')
    expect(await from('file://')).toBe('foxglove.sdk.v1')
    expect(await from('https://app.foxglove.dev')).toBe(403)
    expect(await log.first(1)).toEqual([expect.stringContaining('--allow-origin https://app.foxglove.dev')])
  })

  test('a page from a file is refused unless it is allowed, and the refusal says how', async () => {
    const { raw } = await openPublisher()
    const { server, log } = await serve({ connect: [raw.endpoint] })
    expect(await tryToConnect(server.address, ['foxglove.sdk.v1'], { origin: 'file://' })).toBe(403)
    expect(await log.first(1)).toEqual([expect.stringContaining('--allow-origin file://')])
  })

  test('another name of this machine is refused, as a page elsewhere could give it one', async () => {
    const { raw } = await openPublisher()
    const { server } = await serve({ connect: [raw.endpoint] })
    expect(await tryToConnect(server.address, ['foxglove.sdk.v1'], { host: 'evil.example' })).toBe(403)
  })

  test('a token is taken from the address', async () => {
    const { raw } = await openPublisher()
    const token = 'a-token-of-sixteen'
    const { server } = await serve({ connect: [raw.endpoint], token })
    expect(await tryToConnect(server.address, ['foxglove.sdk.v1'])).toBe(401)
    expect(await tryToConnect(`${server.address}/?token=${token}`, ['foxglove.sdk.v1'])).toBe(
      'foxglove.sdk.v1',
    )
  })

  test('beyond this machine nobody without a token, unless that is asked for', async () => {
    await expect(serve({ connect: ['tcp://127.0.0.1:1'], host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'ERR_OPTION',
    })
  })
})

test.each([
  ['no JSON', '{'],
  ['no object', '7'],
  ['no op', '{}'],
  ['an op that is no name', { op: 7 }],
  ['subscribe without a list', { op: 'subscribe' }],
  ['a subscription that is none', { op: 'subscribe', subscriptions: [null] }],
  ['a number that does not fit', { op: 'subscribe', subscriptions: [{ id: 2 ** 32, channelId: 1 }] }],
  ['a negative number', { op: 'subscribe', subscriptions: [{ id: -1, channelId: 1 }] }],
  ['unsubscribe without a list', { op: 'unsubscribe', subscriptionIds: 'all' }],
  ['a channel that does not exist', { op: 'subscribe', subscriptions: [{ id: 1, channelId: 999 }] }],
  ['what is not offered', { op: 'getParameters', parameterNames: [] }],
])('%s is answered with a status, and the client is served on', async (_, message) => {
  const { raw, subscriptions } = await openPublisher('numbers/imu')
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const program = connect()
  await program.info.count(1)
  program.say(message)
  await program.statuses.count(1)
  await program.subscribe('numbers/imu')
  await subscriptions.last('+numbers/imu')
})

test('a client is given up after a hundred messages that cannot be read, and for one that is too long', async () => {
  const { raw } = await openPublisher()
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const ended = async (spoil: (program: ReturnType<typeof connect>) => void): Promise<number> => {
    const program = connect()
    await program.info.count(1)
    return new Promise((resolve) => {
      program.socket.once('close', resolve)
      spoil(program)
    })
  }
  expect(
    await ended((program) => {
      for (let count = 0; count < 101; count++) program.say('{')
    }),
  ).toBe(1008)
  expect(await ended((program) => program.say('x'.repeat(65 * 1024)))).toBe(1009)
})

test('a client that takes nothing loses the oldest, is told so when it goes on, and holds up nobody', async () => {
  const { raw, subscriptions } = await openPublisher('numbers/wide')
  const { server, log, program: connect } = await serve({ connect: [raw.endpoint] })
  const [slow, quick] = [connect(), connect()]
  await Promise.all([slow.subscribe('numbers/wide'), quick.subscribe('numbers/wide')])
  await Promise.all([slow.settled(), quick.settled()])
  await subscriptions.last('+numbers/wide')
  slow.socket.pause()
  // 32 KiB each: more than the system, and what waits here, hold together.
  const columns = 4096
  const send = async (seq: number): Promise<void> => {
    const { block } = rowsEnvelope(seq, columns)
    await raw.send(
      ...codec.encode({ topic: 'numbers/wide', epoch: 1, block: { ...block, rows: 1, columns } as never }),
    )
    await quick.messages.until((seen) => seen.at(-1)?.content['seq'] === seq)
  }
  let seq = 1
  while (server.counts.leftOut < 10) await send(seq++)
  expect(await log.first(1)).toEqual([
    'a client takes less than it has subscribed to: the oldest messages are left out',
  ])
  expect(quick.messages.seen).toHaveLength(seq - 1)
  slow.socket.resume()
  await slow.statuses.until((seen) => seen.some(({ message }) => /^\d+ messages were left out/.test(message)))
  await slow.messages.until((seen) => seen.at(-1)?.content['seq'] === seq - 1)
  const { leftOut } = server.counts
  expect(slow.messages.seen).toHaveLength(seq - 1 - leftOut)
  await until(() => server.counts.sent === 2 * (seq - 1) - leftOut)
})
