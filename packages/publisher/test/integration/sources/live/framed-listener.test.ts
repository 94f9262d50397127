import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import type { FramedDeadlines } from '../../../../src/sources/live/framed-client.ts'
import { FramedListener } from '../../../../src/sources/live/framed-listener.ts'
import type { Source } from '../../../../src/sources/source.ts'
import { parseVideoSource } from '../../../../src/sources/video-sources.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { solidPicture } from '../../../support/test-pictures.ts'
import { closed } from '@zcast/testing/waiting/closed'

let listener: FramedListener
let log: RecordingLog
let picture: Uint8Array
let stop: AbortController
let listening: Promise<void>
let clients: Socket[]
// Each client's source as it comes, and how many it was given.
let arrivals: { source: Source; number: number; done: () => void }[]
let arrived: () => void

beforeAll(async () => {
  picture = await solidPicture(0xff0000)
})
beforeEach(async () => {
  log = new RecordingLog()
  stop = new AbortController()
  clients = []
  arrivals = []
  arrived = () => {}
  listener = await FramedListener.open({ host: '127.0.0.1', port: 0 }, { log })
  listening = listener.listen(
    (source, number) =>
      new Promise((resolve) => {
        arrivals.push({ source, number, done: resolve })
        arrived()
      }),
    stop.signal,
  )
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  for (const { done } of arrivals) done()
  stop.abort()
  await listening
})

async function join(): Promise<Socket> {
  const client = connect(Number(new URL(listener.address).port), '127.0.0.1')
  client.on('error', () => {})
  clients.push(client)
  await once(client, 'connect')
  return client
}

async function arrival(index: number): Promise<{ source: Source; number: number; done: () => void }> {
  for (;;) {
    const found = arrivals[index]
    if (found) return found
    await new Promise<void>((resolve) => (arrived = resolve))
  }
}

/** As the old clients write it: `len(x).to_bytes(4, byteorder='big') + x`. */
function message(image: Uint8Array, before: readonly number[] = []): Buffer {
  const size: number[] = []
  for (let rest = image.length; ; rest >>>= 7) {
    size.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest)
    if (rest <= 0x7f) break
  }
  const body = Buffer.concat([Buffer.from(before), Buffer.of(0x0a, ...size), image])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

async function fromClient(bytes: Uint8Array): Promise<unknown> {
  const index = arrivals.length
  const client = await join()
  client.end(bytes)
  const { source } = await arrival(index)
  try {
    for await (const block of source.blocks(run())) return block
    return undefined
  } catch (error) {
    return error
  }
}

testSourceContract('a client of framed video', {
  kind: 'video',
  create: async () => {
    const index = arrivals.length
    const client = await join()
    const timer = setInterval(() => client.write(message(picture)), 5)
    client.once('close', () => clearInterval(timer))
    return (await arrival(index)).source
  },
})

describe('framed video', () => {
  test('takes what the old clients send, cut anywhere', async () => {
    const client = await join()
    const { source } = await arrival(0)
    const blocks = source.blocks(run())
    const first = blocks[Symbol.asyncIterator]().next()
    const bytes = message(picture, [0x10, 0x96, 0x01])
    for (let at = 0; at < bytes.length; at += 100) client.write(bytes.subarray(at, at + 100))
    expect(((await first).value as Frame).data).toEqual(Buffer.from(picture))
    client.end()
  })

  test('gives each client a number, the lowest that is free', async () => {
    const first = await join()
    expect((await arrival(0)).number).toBe(1)
    await join()
    expect((await arrival(1)).number).toBe(2)
    first.destroy()
    arrivals[0]?.done()
    await new Promise(setImmediate)
    await join()
    expect((await arrival(2)).number).toBe(1)
  })

  test.each([
    ['a length of 4 GiB', Buffer.of(0xff, 0xff, 0xff, 0xff)],
    ['a length of 0', Buffer.of(0, 0, 0, 0)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a field beyond the end', Buffer.of(0, 0, 0, 3, 0x0a, 0x7f, 0)],
    ['a number that does not end', Buffer.of(0, 0, 0, 3, 0xff, 0xff, 0xff)],
    ['a field of 2^63 bytes', Buffer.of(0, 0, 0, 11, 0x0a, ...Array<number>(9).fill(0xff), 0x01)],
    ['no image', Buffer.of(0, 0, 0, 2, 0x10, 0x01)],
    ['an image that is no JPEG', message(Buffer.from('GIF89a'))],
    ['half a message', message(Buffer.alloc(1000)).subarray(0, 500)],
  ])('refuses %s', async (_, bytes) => {
    expect(await fromClient(bytes)).toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })

  test('a client that breaks the rules is closed with one line, and the others go on', async () => {
    stop.abort()
    await listening
    const published = new Map<number, AsyncIterator<unknown>>()
    let came = (): void => {}
    listener = await FramedListener.open({ host: '127.0.0.1', port: 0 }, { log })
    stop = new AbortController()
    listening = listener.listen(async (source, number) => {
      for await (const block of source.blocks(run(stop.signal))) {
        published.set(number, block as never)
        came()
      }
    }, stop.signal)
    const good = await join()
    good.write(message(picture))
    while (!published.has(1)) await new Promise<void>((resolve) => (came = resolve))
    const bad = await join()
    bad.write(Buffer.of(0xff, 0xff, 0xff, 0xff))
    await closed(bad)
    expect(await log.first(1)).toEqual([
      expect.stringMatching(
        /^closed the client 127\.0\.0\.1:\d+: its stream is damaged: a message of 4294967295 bytes/,
      ),
    ])
    published.clear()
    good.write(message(picture))
    while (!published.has(1)) await new Promise<void>((resolve) => (came = resolve))
    expect(log.lines).toHaveLength(1)
  })

  describe('a client that takes too long', () => {
    /** Listens anew with other deadlines; a picture of each client is told. */
    async function listenWith(changed: Partial<FramedDeadlines>): Promise<{ came: () => Promise<unknown> }> {
      stop.abort()
      await listening
      const events = new EventEmitter()
      const long = { firstMs: 60_000, messageMs: 60_000, silenceMs: 60_000, graceMs: 0 }
      listener = await FramedListener.open({ host: '127.0.0.1', port: 0 }, { log }, { ...long, ...changed })
      stop = new AbortController()
      listening = listener.listen(async (source) => {
        for await (const block of source.blocks(run(stop.signal))) events.emit('picture', block)
      }, stop.signal)
      return { came: () => once(events, 'picture') }
    }

    test.each([
      ['nothing', Buffer.alloc(0)],
      ['4 bytes', Buffer.of(0, 1, 0, 0)],
    ])('with its first message is closed, and that is told (%s)', async (_, bytes) => {
      await listenWith({ firstMs: 50 })
      const client = await join()
      client.write(bytes)
      await closed(client)
      expect(await log.first(1)).toEqual([
        expect.stringMatching(/^closed the client .*: it has sent no whole picture within 0\.05 s$/),
      ])
    })

    test('with a later message is closed, however many bytes trickle in', async () => {
      const { came } = await listenWith({ messageMs: 100 })
      const client = await join()
      const picture1 = came()
      client.write(Buffer.concat([message(picture), message(picture).subarray(0, 10)]))
      await picture1
      const timer = setInterval(() => client.write(Buffer.of(1)), 10)
      await closed(client)
      clearInterval(timer)
      expect(await log.first(1)).toEqual([
        expect.stringMatching(/: it took longer than 0\.1 s to send a message$/),
      ])
    })

    test('with the next one is closed', async () => {
      const { came } = await listenWith({ silenceMs: 100 })
      const client = await join()
      const first = came()
      client.write(message(picture))
      await first
      await closed(client)
      expect(await log.first(1)).toEqual([expect.stringMatching(/: nothing came for 0\.1 s$/)])
    })

    test('does not keep out one that sends pictures, however many there are', async () => {
      const { came } = await listenWith({})
      const silent = await Promise.all(Array.from({ length: 16 }, () => join()))
      for (const client of silent) client.write(Buffer.of(0, 1, 0, 0))
      const honest = await join()
      const first = came()
      honest.write(message(picture))
      await first
      expect(await log.first(1)).toEqual([
        expect.stringMatching(/^closed the client .*: it has sent no picture, and 16 others are connected$/),
      ])
      // More of them push out each other, and not the one that sends pictures.
      for (let more = 0; more < 20; more++) (await join()).write(Buffer.of(0, 1, 0, 0))
      const next = came()
      honest.write(message(picture))
      await next
      expect(honest.destroyed).toBe(false)
    })

    test('is refused, and that is told, when all places are taken by clients that send pictures', async () => {
      const { came } = await listenWith({})
      for (let count = 0; count < 16; count++) {
        const client = await join()
        const first = came()
        client.write(message(picture))
        await first
      }
      const late = await join()
      await closed(late)
      expect(log.lines).toEqual([
        expect.stringMatching(/^refused the client .*: 16 clients are connected, which is the limit$/),
      ])
    })
  })

  test('listens on loopback unless the address says otherwise, and refuses what is no address', async () => {
    const spec = parseVideoSource('framed://:0')
    if (spec.kind !== 'live') throw new Error('unreachable')
    const opened = (await spec.open({})) as FramedListener
    expect(opened.address).toMatch(/^framed:\/\/127\.0\.0\.1:\d+$/)
    await opened.close()
    for (const text of ['framed://', 'framed://host', 'framed://1.2.3.4:70000']) {
      expect(() => parseVideoSource(text)).toThrow('must be framed://HOST:PORT')
    }
  })
})
