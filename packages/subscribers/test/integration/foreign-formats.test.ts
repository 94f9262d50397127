import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Codec } from '@zcast/shared'
import { ConsoleSink } from '../../src/sinks/console-sink.ts'
import { findSelection } from '../../src/selection.ts'
import { reportStatistics } from '../../src/statistics-report.ts'
import { Subscriber } from '../../src/subscriber.ts'
import { findPython } from '@zcast/testing/machine/python'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { useRawPublisher } from '@zcast/testing/streams/raw-publisher'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { JsonLineCodec, MixedCodec, NamedPictureCodec } from '../support/foreign-codecs.ts'

const openPublisher = useRawPublisher()
const closing: Subscriber[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((subscriber) => subscriber.close()))
})

async function receive(codec: Codec, topics: readonly string[], lines?: string[]) {
  const publisher = await openPublisher()
  const warn = (message: string): void => void lines?.push(message)
  const log = { error: warn, warning: warn, close: () => undefined }
  const subscriber = await Subscriber.open({ connect: [publisher.endpoint], topics, codec, log })
  closing.push(subscriber)
  await publisher.subscribed()
  return { publisher, subscriber }
}

describe('formats of other programs', () => {
  test('one part with a topic and JSON is received, and what it does not say is not known', async () => {
    const { publisher, subscriber } = await receive(new JsonLineCodec(), ['numbers/temperature'])
    await publisher.send('temperatures [0]')
    await publisher.send('humidity [1]')
    await publisher.send('temperature [21.5,22]')
    await publisher.send('temperature [23]')
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 2 })
    expect(sink.values).toEqual([21.5, 22, 23])
    expect(sink.envelopes[0]?.epoch).toBeUndefined()
    expect(sink.seqs).toEqual([undefined, undefined])
    expect([...subscriber.statistics.topics.keys()]).toEqual(['numbers/temperature'])
    expect(subscriber.statistics.counts()).toMatchObject({
      received: 2,
      delivered: 2,
      lost: null,
      invalid: 0,
    })
    expect(reportStatistics(subscriber, 'numbers/temperature')).toMatchObject({ lost: null, latencyMs: null })
  })

  test('what cannot be read is counted on its topic, and told', async () => {
    const lines: string[] = []
    const { publisher, subscriber } = await receive(new JsonLineCodec(), ['numbers/temperature'], lines)
    await publisher.send('temperature {"c":21.5}')
    await publisher.send('temperature [1]')
    await subscriber.run(new CollectingSink(), { maxValues: 1 })
    expect(subscriber.statistics.topic('numbers/temperature').counts()).toMatchObject({
      received: 1,
      invalid: 1,
    })
    expect(lines).toEqual(['dropped a message on numbers/temperature: it is no array of numbers'])
  })

  test('lines that are printed say that the number and the time are not known', async () => {
    const { publisher, subscriber } = await receive(new JsonLineCodec(), ['numbers/temperature'])
    await publisher.send('temperature [21.5]')
    await publisher.send('temperature [22.5]')
    for (const [json, expected] of [
      [false, '#?     21.500\n'],
      [true, '{"topic":"numbers/temperature","values":[22.5]}\n'],
    ] as const) {
      const output = new PassThrough()
      const sink = new ConsoleSink({ output, selection: findSelection('all'), json })
      await subscriber.run(sink, { maxValues: 1 })
      output.end()
      expect(await text(output)).toBe(expected)
    }
  })

  test('pictures without a topic are received under the name that is in their header', async () => {
    const { publisher, subscriber } = await receive(new NamedPictureCodec(), ['video/rpi_1'])
    const jpeg = jpegShell(32, 16)
    await publisher.send('{"msg": "rpi 2"}', jpeg)
    await publisher.send('{"msg": "rpi 1"}', jpeg)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 1 })
    expect(sink.envelopes).toEqual([
      {
        topic: 'video/rpi_1',
        arrivalTime: true,
        block: {
          kind: 'video',
          time: expect.any(Number),
          width: 32,
          height: 16,
          format: 'jpeg',
          data: Buffer.from(jpeg),
        },
      },
    ])
    expect([...subscriber.statistics.topics.keys()]).toEqual(['video/rpi_1'])
  })

  test('a message that begins like one of a lane is nothing special', async () => {
    const { publisher, subscriber } = await receive(new JsonLineCodec(), ['numbers/'])
    await publisher.send(`!lane/${'a'.repeat(22)}/b [1]`)
    await publisher.send('b [2]')
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 1 })
    expect(sink.values).toEqual([2])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 1, invalid: 1 })
  })
})

const PYTHON = findPython('zmq')

const PUBLISHER = `
import sys, time, zmq
socket = zmq.Context().socket(zmq.PUB)
socket.bind('tcp://127.0.0.1:*')
print(socket.last_endpoint.decode().strip(chr(0)), flush=True)
while True:
    socket.send_string('imu [1.5, 2]')
    socket.send_multipart([b'{"msg": "cam"}', bytes.fromhex(sys.argv[1])])
    time.sleep(0.02)
`

PYTHON.describe('a program that knows nothing of this one', () => {
  test('is received: numbers and pictures on one socket, in two formats', async () => {
    const jpeg = Buffer.from(jpegShell(32, 16)).toString('hex')
    const python = spawn(PYTHON.path as string, ['-c', PUBLISHER, jpeg], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [endpoint] = (await once(python.stdout, 'data')) as [Buffer]
      const subscriber = await Subscriber.open({
        connect: [endpoint.toString().trim()],
        topics: ['numbers/', 'video/'],
        codec: new MixedCodec(),
      })
      closing.push(subscriber)
      const left = new Set(['numbers/imu', 'video/cam'])
      for await (const { topic } of subscriber) if (left.delete(topic) && left.size === 0) break
      expect([...subscriber.statistics.topics.keys()].toSorted()).toEqual(['numbers/imu', 'video/cam'])
    } finally {
      const exited = once(python, 'exit')
      python.kill('SIGKILL')
      await exited
    }
  })
})
