import { afterEach, describe, expect, test } from '@jest/globals'
import {
  type Envelope,
  isRejection,
  MemoryTransport,
  type Message,
  MsgpackCodec,
  type NumbersBlock,
  type PublishSocket,
  type SocketOptions,
} from '@zcast/shared'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import type { PublisherOptions } from '../../../src/publisher-options.ts'
import { Publisher } from '../../../src/publisher.ts'
import { ListSource, rows } from '@zcast/testing/streams/list-source'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'

const codec = new MsgpackCodec()
const publishers: Publisher[] = []

afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.close(false)))
})

/** Keeps what is sent, and hands nothing on while it is stopped. */
class KeepingTransport extends MemoryTransport {
  readonly sent: Envelope[] = []
  /** Settles when sending may go on. */
  gate: Promise<void> = Promise.resolve()

  override async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const socket = await super.openPublish(options)
    const send = socket.send.bind(socket)
    socket.send = async (message: Message, sendOptions) => {
      await this.gate
      const envelope = codec.decode(message)
      if (isRejection(envelope)) throw new Error(envelope.reason)
      this.sent.push(envelope)
      return send(message, sendOptions)
    }
    return socket
  }
}

async function open(options: Partial<PublisherOptions> = {}) {
  const transport = new KeepingTransport()
  const publisher = await Publisher.open({ bind: 'inproc://push', transport, ...options })
  publishers.push(publisher)
  return { publisher, transport, sent: transport.sent }
}

function blocks(envelopes: readonly Envelope[]): NumbersBlock[] {
  return envelopes.map(({ block }) => block as NumbersBlock)
}

function values(envelopes: readonly Envelope[]): number[] {
  return blocks(envelopes).flatMap(({ data }) => Array.from(data))
}

describe('a topic of numbers', () => {
  test('sends arrays, typed arrays and many rows at once, in order', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    await topic.send([1, 2])
    await topic.send(Float64Array.of(3, Number.NaN))
    await topic.send([
      [5, 6],
      [7, Number.POSITIVE_INFINITY],
    ])
    await topic.close()
    expect(values(sent)).toEqual([1, 2, 3, Number.NaN, 5, 6, 7, Number.POSITIVE_INFINITY])
    expect(sent[0]).toMatchObject({ topic: 'numbers/imu', block: { seq: 0, columns: 2 } })
    expect(publisher.counts('imu')).toEqual({ sent: 4, dropped: 0 })
  })

  test('copies what it is given, so that the array can be used again', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    const array = [1]
    const typed = Float64Array.of(2)
    void topic.send(array)
    void topic.send(typed)
    array[0] = typed[0] = 9
    await topic.close()
    expect(values(sent)).toEqual([1, 2])
  })

  test('what is sent in one turn of the event loop shares a message, awaited or not', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    // At one time: rows of times that are not evenly apart share no message, and this process may be held up.
    for (let index = 0; index < 5; index++) void topic.send([index], { time: 1 })
    await topic.close()
    expect(blocks(sent).map(({ rows }) => rows)).toEqual([5])
  })

  test('a loop of awaited sends lets timers fire, and loses nothing', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    let isFired = false
    setTimeout(() => (isFired = true), 1)
    let count = 0
    while (!isFired && count < 1e7) await topic.send([count++])
    expect(isFired).toBe(true)
    await topic.close()
    expect(values(sent)).toEqual(Array.from({ length: count }, (_, index) => index))
  })

  test('5,000 sends that nobody awaits arrive', async () => {
    const { publisher, sent } = await open({ delivery: 'all' })
    const topic = publisher.topic('numbers/imu')
    for (let index = 0; index < 5000; index++) void topic.send([index, 0, 0, 0, 0, 0])
    await publisher.close()
    expect(blocks(sent).reduce((sum, block) => sum + block.rows, 0)).toBe(5000)
  })

  test('no message holds more than a batch, however many rows are sent at once', async () => {
    const { publisher, sent } = await open({ batch: { maxBytes: 1024 } })
    const topic = publisher.topic('numbers/imu')
    await topic.send(Array.from({ length: 300 }, (_, index) => [index]))
    await topic.close()
    expect(blocks(sent).map((block) => block.rows)).toEqual([128, 128, 44])
    expect(values(sent)[299]).toBe(299)
  })

  test('without batches each array is a message', async () => {
    const { publisher, sent } = await open({ batch: false })
    const topic = publisher.topic('numbers/imu')
    for (let index = 0; index < 3; index++) void topic.send([index])
    await topic.close()
    expect(blocks(sent).map(({ rows }) => rows)).toEqual([1, 1, 1])
  })

  test('takes the times that it is given', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    await topic.send([[1], [2]], { time: 1000, interval: 0.5 })
    await topic.send([3], { time: 2000 })
    await topic.close()
    expect(blocks(sent)).toMatchObject([
      { time: 1000, interval: 0.5, rows: 2 },
      { time: 2000, rows: 1 },
    ])
  })

  test('says names and units with its first message, with those kept for who comes late, and not each time', async () => {
    const { publisher, sent } = await open()
    const labels = { names: ['x', 'y'], units: ['m', 's'] }
    const topic = publisher.topic('numbers/imu', labels)
    for (let index = 0; index < 3; index++) {
      await topic.send([index, 0])
      await new Promise(setImmediate)
    }
    await topic.close()
    const labelled = blocks(sent).filter(({ names, units }) => names || units)
    expect(labelled).toHaveLength(1)
    expect(blocks(sent)[0]).toMatchObject(labels)
  })

  test.each<[string, unknown, RegExp]>([
    ['a text', '1,2,3', /arrays of numbers, got the text "1,2,3"/],
    ['a number', 1, /arrays of numbers, got 1/],
    ['nothing', undefined, /arrays of numbers, got undefined/],
    ['bytes', Buffer.of(1, 2), /arrays of numbers, got a value of type Buffer/],
    ['an empty array', [], /empty/],
    ['an empty typed array', new Float64Array(0), /empty/],
    ['an empty row', [[]], /row 0 is empty/],
    ['texts', ['1', '2'], /value 0 must be a number, got the text "1"/],
    ['a hole', [1, undefined], /value 1 must be a number, got undefined; write NaN/],
    ['a row of another length', [[1, 2], [3]], /row 1 has 1 values but must have 2/],
    ['a row that is none', [[1, 2], 3], /row 1 must be an array of numbers, got 3/],
  ])('refuses %s, and goes on', async (_, wrong, message) => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('numbers/imu')
    await expect(topic.send(wrong as number[])).rejects.toMatchObject({
      code: 'ERR_VALUE',
      message: expect.stringMatching(message),
    })
    await topic.send([1])
    await topic.close()
    expect(values(sent)).toEqual([1])
  })

  test('refuses rows that do not match the named columns', async () => {
    const { publisher } = await open()
    const topic = publisher.topic('numbers/imu', { names: ['x', 'y', 'z'] })
    await expect(topic.send([1, 2])).rejects.toMatchObject({
      code: 'ERR_VALUE',
      message: 'the array has 2 values but must have 3',
    })
  })

  test('refuses times and intervals that are none', async () => {
    const { publisher } = await open()
    const topic = publisher.topic('numbers/imu')
    await expect(topic.send([1], { time: Number.NaN })).rejects.toMatchObject({ code: 'ERR_VALUE' })
    await expect(topic.send([[1], [2]], { interval: -1 })).rejects.toMatchObject({ code: 'ERR_VALUE' })
  })

  test('refuses an array that fits no message', async () => {
    const { publisher } = await open()
    const sending = publisher.topic('numbers/imu').send(new Float64Array(2 * 1024 * 1024))
    await expect(sending).rejects.toMatchObject({ code: 'ERR_MESSAGE_SIZE' })
  })

  test('drops what is sent while 64 MiB wait that nobody awaited, counts it and says so; the rest arrives', async () => {
    const log = new RecordingLog()
    const { publisher, transport, sent } = await open({ log, batch: { maxBytes: 1024 * 1024 } })
    const topic = publisher.topic('numbers/imu')
    let open_ = (): void => undefined
    transport.gate = new Promise((resolve) => (open_ = resolve))
    const mebibyte = new Float64Array(1024 * 128)
    for (let count = 0; count < 64; count++) void topic.send(mebibyte)
    // One that nobody awaits must not end the process.
    void topic.send(mebibyte)
    await expect(topic.send(mebibyte)).rejects.toMatchObject({ code: 'ERR_MEMORY_LIMIT' })
    open_()
    await topic.close()
    expect(sent).toHaveLength(64)
    expect(publisher.counts('imu')).toEqual({ sent: 64, dropped: 2 })
    expect(log.lines).toContainEqual(
      expect.stringContaining('64 MiB of values are waiting to be sent on numbers/imu'),
    )
  })
})

describe('a topic of video', () => {
  test('reads width and height from the picture, and copies it', async () => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('video/cam')
    const jpeg = jpegShell(64, 48)
    const sending = topic.send(jpeg, { time: 5 })
    const original = Uint8Array.from(jpeg)
    jpeg.fill(0)
    await sending
    expect(sent[0]).toMatchObject({
      topic: 'video/cam',
      block: { kind: 'video', seq: 0, time: 5, width: 64, height: 48, format: 'jpeg' },
    })
    expect(Buffer.compare(sent[0]?.block.data as Uint8Array, original)).toBe(0)
  })

  test.each<[string, unknown, string]>([
    ['something else than a picture', Buffer.from('no picture'), 'ERR_FRAME'],
    ['half a picture', jpegShell(64, 48).subarray(0, 20), 'ERR_FRAME'],
    [
      'a picture with something behind it',
      Buffer.concat([jpegShell(64, 48), jpegShell(64, 48)]),
      'ERR_FRAME',
    ],
    ['no bytes', 'picture.jpg', 'ERR_VALUE'],
    ['an empty buffer', new Uint8Array(0), 'ERR_FRAME'],
    ['more than fits a message', new Uint8Array(17 * 1024 * 1024), 'ERR_MESSAGE_SIZE'],
  ])('refuses %s, and goes on', async (_, wrong, code) => {
    const { publisher, sent } = await open()
    const topic = publisher.topic('video/cam')
    await expect(topic.send(wrong as Uint8Array)).rejects.toMatchObject({ code })
    await topic.send(jpegShell(64, 48))
    expect(sent).toHaveLength(1)
  })
})

describe('a topic of sound', () => {
  test('sends samples in pieces of 20 ms, each with its time', async () => {
    const { publisher, sent } = await open()
    const horn = publisher.topic('audio/horn', { rate: 1000, channels: 2 })
    const samples = Int16Array.from({ length: 90 }, (_, at) => at - 45)
    await horn.send(samples, { time: 100 })
    expect(sent.map(({ block }) => block)).toMatchObject([
      { kind: 'audio', seq: 0, time: 100, rate: 1000, channels: 2, samples: 20, format: 's16' },
      { seq: 1, time: expect.closeTo(100.02, 9), samples: 20 },
      { seq: 2, time: expect.closeTo(100.04, 9), samples: 5 },
    ])
    const bytes = Buffer.concat(sent.map(({ block }) => block.data as Uint8Array))
    expect(Array.from({ length: 90 }, (_, at) => bytes.readInt16LE(at * 2))).toEqual([...samples])
  })

  test('sends one Opus packet at a time', async () => {
    const { publisher, sent } = await open()
    const voice = publisher.topic('audio/voice', { rate: 16_000, format: 'opus' })
    await voice.send(Uint8Array.from([0xf8, 0xff, 0xfe]), { time: 5 })
    expect(sent[0]?.block).toMatchObject({ format: 'opus', samples: 320, time: 5 })
    await expect(voice.send(new Uint8Array())).rejects.toMatchObject({ code: 'ERR_VALUE' })
  })

  test('gives what comes without a time the time that follows', async () => {
    const { publisher, sent } = await open()
    const horn = publisher.topic('audio/horn', { rate: 1000 })
    for (let piece = 0; piece < 3; piece++) await horn.send(new Int16Array(20))
    const times = sent.map(({ block }) => block.time)
    for (const [index, time] of times.slice(1).entries())
      expect(Math.abs(time - (times[index] ?? 0) - 0.02)).toBeLessThan(0.002)
  })

  test.each<[string, unknown]>([
    ['nothing', new Int16Array()],
    ['half a sample', new Uint8Array(3)],
    ['one channel of two', new Int16Array(3)],
    ['numbers', [1, 2]],
  ])('refuses %s, and goes on', async (_, wrong) => {
    const { publisher, sent } = await open()
    const horn = publisher.topic('audio/horn', { channels: 2 })
    await expect(horn.send(wrong as Int16Array)).rejects.toMatchObject({ code: 'ERR_VALUE' })
    await horn.send(new Int16Array(4))
    expect(sent).toHaveLength(1)
  })
})

describe('Publisher.topic', () => {
  test.each(['numbers', 'numbers/', 'numbers/a b', 'audio@360p/mic', 'video@360p/cam', '', 7])(
    'refuses %j as a topic',
    async (name) => {
      const { publisher } = await open()
      const topic = (): unknown => publisher.topic(name as `numbers/${string}`)
      expect(topic).toThrow(expect.objectContaining({ code: 'ERR_TOPIC' }))
    },
  )

  test.each<[string, object]>([
    ['a rate that nothing has', { rate: 10 }],
    ['no channels', { channels: 0 }],
    ['a format that is none', { format: 'mp3' }],
    ['a rate that Opus does not have', { format: 'opus', rate: 44_100 }],
    ['more channels than Opus has', { format: 'opus', channels: 3 }],
  ])('refuses sound of %s, and leaves the topic free', async (_, options) => {
    const { publisher } = await open()
    expect(() => publisher.topic('audio/mic', options)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
    expect(publisher.topic('audio/mic').topic).toBe('audio/mic')
  })

  test.each<[string, object]>([
    ['names that are no list', { names: 'x,y' }],
    ['no names', { names: [] }],
    ['a name that is no text', { names: ['x', 1] }],
    ['a name that is too long', { names: ['x'.repeat(65)] }],
    ['names and units that differ in number', { names: ['x', 'y'], units: ['m'] }],
    ['a number of names', { names: 5 }],
    ['more than a header holds', { names: Array.from({ length: 1000 }, () => 'x'.repeat(64)) }],
  ])('refuses %s, and leaves the topic free', async (_, labels) => {
    const { publisher } = await open()
    expect(() => publisher.topic('numbers/imu', labels)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
    expect(publisher.streams).toEqual([])
    publisher.topic('numbers/imu')
  })

  test('a topic is sent by one handle or source at a time, and is free again when that has ended', async () => {
    const { publisher } = await open()
    const taken = expect.objectContaining({
      code: 'ERR_TOPIC',
      message: expect.stringContaining('numbers/imu is already being sent by this publisher'),
    })
    const topic = publisher.topic('numbers/imu')
    expect(() => publisher.topic('numbers/imu')).toThrow(taken)
    await expect(publisher.run(new ListSource([rows(1)]), { stream: 'imu' })).rejects.toEqual(taken)
    await topic.close()
    const running = publisher.run(new ListSource([rows(1)]), { stream: 'imu' })
    expect(() => publisher.topic('numbers/imu')).toThrow(taken)
    await running
    await publisher.topic('numbers/imu').close()
  })

  test('tells whether somebody watches', async () => {
    const { publisher, transport } = await open()
    const topic = publisher.topic('video/cam')
    expect(topic.isWatched).toBe(false)
    const subscriber = await transport.openSubscribe({ connect: ['inproc://push'] })
    subscriber.subscribe('video/')
    await topic.untilWatched()
    expect(topic.isWatched).toBe(true)
    await subscriber.close()
    expect(topic.isWatched).toBe(false)
  })

  test('closing the publisher sends what waits, and refuses what comes later', async () => {
    const { publisher, sent } = await open()
    const imu = publisher.topic('numbers/imu')
    const cam = publisher.topic('video/cam')
    void imu.send([1])
    void cam.send(jpegShell(16, 16))
    await publisher.close()
    expect(sent.map(({ topic }) => topic).toSorted()).toEqual(['numbers/imu', 'video/cam'])
    await expect(imu.send([2])).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(cam.send(jpegShell(16, 16))).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => publisher.topic('numbers/more')).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('a handle closes at the end of its scope', async () => {
    const { publisher, sent } = await open()
    {
      await using topic = publisher.topic('numbers/imu')
      void topic.send([1])
    }
    expect(values(sent)).toEqual([1])
  })
})

describe('Publisher.open', () => {
  test.each<[string, object]>([
    ['without an endpoint', {}],
    ['with empty lists of endpoints', { bind: [], connect: [] }],
    ['with an endpoint that is no text', { bind: 5556 }],
  ])('is refused %s', async (_, options) => {
    await expect(Publisher.open(options)).rejects.toMatchObject({ code: 'ERR_ENDPOINT' })
  })
})
