import { afterEach, expect, test } from '@jest/globals'
import { findFormat } from '@zcast/formats'
import { Publisher } from '@zcast/publisher'
import { Relay } from '@zcast/relay'
import { type Message, MemoryTransport, type PublishSocket, type SubscribeSocket } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { until } from '@zcast/testing/waiting/until'

const [ABOVE, BELOW] = ['inproc://above', 'inproc://below']
const opened: { close(): Promise<void> }[] = []
let transport = new MemoryTransport()

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close()
  transport = new MemoryTransport()
})

function keep<Opened extends { close(): Promise<void> }>(each: Opened): Opened {
  opened.push(each)
  return each
}

async function foreignAbove(): Promise<PublishSocket & { readonly prefixes: readonly string[] }> {
  const socket = keep(await transport.openPublish({ bind: [ABOVE] }))
  const prefixes: string[] = []
  socket.onSubscription((prefix) => prefixes.push(prefix))
  return Object.assign(socket, { prefixes })
}

async function foreignBelow(): Promise<SubscribeSocket> {
  const socket = keep(await transport.openSubscribe({ connect: [BELOW] }))
  socket.subscribe('')
  return socket
}

const publisherAbove = async (): Promise<Publisher> =>
  keep(await Publisher.open({ bind: ABOVE, transport, batch: { lingerMs: 0 } }))

const relayTo = async (name: string, log = new RecordingLog()): Promise<Relay> => {
  const format = findFormat(name)
  const { kinds, isNameless } = format
  const from = [{ connect: ABOVE, transport }]
  const below = { bind: BELOW, transport, codec: format.openCodec(), kinds, isNameless }
  return keep(await Relay.open({ from, ...below, carries: 'both', log }))
}

async function read(socket: SubscribeSocket, count = 1): Promise<readonly Message[]> {
  const messages: Message[] = []
  for await (const message of socket.messages()) if (messages.push(message) === count) break
  return messages
}

test('a relay makes pictures of the pixels that a camera of another program sends', async () => {
  const camera = await foreignAbove()
  const source = { connect: ABOVE, transport, codec: findFormat('imagezmq').openCodec() }
  keep(await Relay.open({ from: [source], bind: BELOW, transport, carries: 'pictures' }))
  const viewer = keep(await Subscriber.open({ connect: BELOW, topics: ['video/door'], transport }))
  await until(() => camera.prefixes.includes(''))
  const header = { msg: 'door', dtype: 'uint8', shape: [16, 24, 3] }
  await camera.send([Buffer.from(JSON.stringify(header)), Buffer.alloc(16 * 24 * 3, 90)])
  for await (const { block } of viewer) {
    expect(block).toMatchObject({ kind: 'video', format: 'jpeg', width: 24, height: 16 })
    break
  }
  expect(viewer.statistics.counts()).toMatchObject({ received: 1, invalid: 0 })
})

test('a relay sends other programs a row a message, also of rows that came together', async () => {
  const publisher = await publisherAbove()
  await relayTo('json')
  const program = await foreignBelow()
  const topic = publisher.topic('numbers/imu', { names: ['x'] })
  await topic.untilWatched()
  await Promise.all([1, 2, 3].map((value) => topic.send([value])))
  const rows = (await read(program, 3)).map(([name, row]) => [
    String(name),
    JSON.parse(String(row)) as object,
  ])
  expect(rows).toEqual(
    [1, 2, 3].map((x, seq) => ['numbers/imu', expect.objectContaining({ x, seq, time: expect.any(Number) })]),
  )
})

test('a relay does not ask for what the format below cannot carry', async () => {
  const publisher = await publisherAbove()
  const [video, numbers] = [publisher.topic('video/main'), publisher.topic('numbers/imu')]
  const relay = await relayTo('json')
  await foreignBelow()
  await numbers.untilWatched()
  await numbers.send([1])
  await until(() => relay.report().sent === 1)
  expect(video.isWatched).toBe(false)
  expect(Object.keys(relay.report().topics)).toEqual(['numbers/imu'])
})

test('a relay hands on one stream, and says so, where the format below does not name streams', async () => {
  const publisher = await publisherAbove()
  const log = new RecordingLog()
  const videos = [publisher.topic('video/a'), publisher.topic('video/b')]
  const relay = await relayTo('netgear', log)
  await foreignBelow()
  await until(() => log.lines.some((line) => line.includes('does not name its streams')))
  await until(() => videos.some(({ isWatched }) => isWatched))
  expect(videos.map(({ isWatched }) => isWatched)).toContain(false)
  expect(Object.keys(relay.report().topics)).toHaveLength(1)
})
