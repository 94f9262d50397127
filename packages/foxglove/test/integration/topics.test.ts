import { describe, expect, test } from '@jest/globals'
import { MsgpackCodec } from '@zcast/shared'
import { frameEnvelope, jpegShell, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { useRawPublisher } from '@zcast/testing/streams/raw-publisher'
import { SUBPROTOCOLS } from '../../src/foxglove-server.ts'
import { useAnsweringPublisher, useServer } from '../support/served.ts'

const codec = new MsgpackCodec()
const serve = useServer()
const openPublisher = useAnsweringPublisher()
const openRaw = useRawPublisher()

describe.each(SUBPROTOCOLS)('a client that speaks %s', (subprotocol) => {
  test('receives numbers, each row as a message with its own time', async () => {
    const { raw, subscriptions } = await openPublisher('numbers/imu')
    const { program: connect } = await serve({ connect: [raw.endpoint] })
    const program = connect(subprotocol)
    await program.subscribe('numbers/imu')
    expect(program.socket.protocol).toBe(subprotocol)
    await subscriptions.last('+numbers/imu')
    const { block } = rowsEnvelope(7, 3, { time: 1_700_000_000.25 })
    const names = ['température']
    await raw.send(
      ...codec.encode({
        topic: 'numbers/imu',
        epoch: 4_000_000_000,
        block: { ...block, interval: 0.5, names } as never,
      }),
    )
    const [first, , last] = await program.messages.count(3)
    expect(first).toEqual({
      topic: 'numbers/imu',
      timestamp: 1_700_000_000_250_000_000n,
      content: {
        timestamp: { seconds: 1_700_000_000, nanos: 250_000_000 },
        values: [7],
        seq: 7,
        epoch: 4_000_000_000,
        interval: 0.5,
        names,
      },
    })
    expect(last).toMatchObject({ timestamp: 1_700_000_001_250_000_000n, content: { values: [9], seq: 9 } })
    expect(program.info.seen).toMatchObject([{ name: 'zcast' }])
    expect(program.errors.seen).toEqual([])
  })

  test('receives pictures as they were encoded', async () => {
    const { raw, subscriptions } = await openPublisher('video/cam', 'video@90p/cam')
    const { program: connect } = await serve({ connect: [raw.endpoint] })
    const program = connect(subprotocol)
    await program.subscribe('video/cam')
    await subscriptions.last('+video/cam')
    const frame = frameEnvelope(3, { topic: 'video/cam', time: 1_700_000_000.5 })
    await raw.send(...codec.encode(frame))
    const [message] = await program.messages.count(1)
    expect(message).toMatchObject({
      topic: 'video/cam',
      timestamp: 1_700_000_000_500_000_000n,
      content: { timestamp: { seconds: 1_700_000_000, nanos: 500_000_000 }, format: 'jpeg' },
    })
    expect(Uint8Array.from(message?.content['data'] as Uint8Array)).toEqual(jpegShell(16, 9))
    expect(program.topics).toEqual(['video/cam', 'video@90p/cam'])
  })
})

test('nothing is subscribed to until a client subscribes, nor after the last one has left', async () => {
  const { raw, subscriptions } = await openPublisher('video/cam', 'numbers/imu')
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const [one, other] = [connect(), connect()]
  await Promise.all([one.channel('video/cam'), other.channel('video/cam')])
  expect(subscriptions.seen).toEqual([])
  const end = await one.subscribe('video/cam')
  await subscriptions.last('+video/cam')
  await other.subscribe('video/cam')
  await other.settled()
  end()
  await raw.send(...codec.encode(frameEnvelope(0, { topic: 'video/cam' })))
  await other.messages.count(1)
  expect(subscriptions.seen).toEqual(['+video/cam'])
  other.close()
  await subscriptions.last('-video/cam')
  // Somebody may come again.
  await one.subscribe('video/cam')
  await subscriptions.until((seen) => seen.filter((each) => each === '+video/cam').length === 2)
  await raw.send(...codec.encode(frameEnvelope(1, { topic: 'video/cam' })))
  await one.messages.until((seen) => seen.length > 0)
})

test('topics are advertised as they appear, taken back when they are gone, and subscribed to anew', async () => {
  const publisher = await openPublisher('numbers/a')
  const { raw, subscriptions } = publisher
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const program = connect()
  const { id } = await program.channel('numbers/a')
  await program.subscribe('numbers/a')
  publisher.topics = ['numbers/b']
  await program.channel('numbers/b')
  await program.gone.until((gone) => gone.includes(id))
  await subscriptions.until((seen) => seen.includes('-numbers/a'))
  publisher.topics = ['numbers/b', 'numbers/a']
  const again = await program.channel('numbers/a')
  expect(again.id).not.toBe(id)
  await program.subscribe('numbers/a')
  await subscriptions.last('+numbers/a')
  await raw.send(...codec.encode(numbersEnvelope(5, { topic: 'numbers/a' })))
  const [message] = await program.messages.count(1)
  expect(message?.content).toMatchObject({ values: [5] })
})

test('a publisher that does not answer is looked at once, and served', async () => {
  const raw = await openRaw()
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const program = connect()
  while ((await raw.nextSubscription()) !== '+');
  await raw.sendNumber(1)
  await program.channel('numbers/random')
  while ((await raw.nextSubscription()) !== '-');
  await program.subscribe('numbers/random')
  while ((await raw.nextSubscription()) !== '+numbers/random');
  await raw.sendNumber(2)
  const [message] = await program.messages.count(1)
  expect(message?.content).toMatchObject({ values: [2], seq: 2, epoch: 1 })
})

test('a format that was not asked for is not served, and said', async () => {
  const raw = await openRaw()
  const { log, program: connect } = await serve({ connect: [raw.endpoint] })
  while ((await raw.nextSubscription()) !== '+');
  await raw.send('temp', '{"temp": 1}')
  expect(await log.first(1)).toEqual([
    `"temp" from ${raw.endpoint} is in another format (json), and is not served: name the format of its publisher with --format`,
  ])
  const program = connect()
  await program.info.count(1)
  expect(program.topics).toEqual([])
})

test('only the topics that are wanted are served, with their renditions', async () => {
  const { raw } = await openPublisher('numbers/a', 'numbers/b', 'video/cam', 'video@90p/cam', 'chat/main')
  const { program: connect } = await serve({ connect: [raw.endpoint], topics: ['numbers/b', 'video/'] })
  const program = connect()
  await program.channel('video/cam')
  await program.channel('video@90p/cam')
  expect(program.topics).toEqual(['numbers/b', 'video/cam', 'video@90p/cam'])
})

test('sound is a foxglove.RawAudio', async () => {
  const { raw, subscriptions } = await openPublisher('audio/mic')
  const { program: connect } = await serve({ connect: [raw.endpoint] })
  const program = connect()
  await program.subscribe('audio/mic')
  await subscriptions.last('+audio/mic')
  const sound = { kind: 'audio', seq: 3, time: 5, rate: 48_000, channels: 2, samples: 1 } as const
  const data = Uint8Array.of(1, 2, 3, 4)
  const block = { ...sound, format: 's16', data } as const
  await raw.send(...codec.encode({ topic: 'audio/mic', epoch: 1, block }))
  const [message] = await program.messages.count(1)
  expect(message).toMatchObject({
    topic: 'audio/mic',
    content: { format: 'pcm-s16', sample_rate: 48_000, number_of_channels: 2, data: Buffer.from(data) },
  })
})

test('the lines of a log are a topic of their own', async () => {
  const { raw } = await openPublisher()
  const time = new Date('2026-08-04T15:47:01.977Z')
  const { program: connect } = await serve({
    connect: [raw.endpoint],
    logLines: async function* () {
      yield { time, level: 'error', role: 'publisher', message: 'the camera is gone' }
    },
  })
  const program = connect()
  expect(await program.channel('log')).toMatchObject({ schemaName: 'foxglove.Log', encoding: 'protobuf' })
  await program.subscribe('log')
  expect(await program.messages.count(1)).toEqual([
    {
      topic: 'log',
      timestamp: 1_785_858_421_977_000_000n,
      content: {
        timestamp: { seconds: 1_785_858_421, nanos: 977_000_000 },
        level: 4,
        message: 'the camera is gone',
        name: 'publisher',
      },
    },
  ])
})
