import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { wallClock } from '@zcast/shared'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { greyPicture, numbersMessage, videoMessage } from '../support/messages.ts'
import { pack, type Packable } from '../support/pack.ts'
import { HAS_PROC } from '../support/process-tree.ts'
import { eventsLogged, LOG_LINE, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const header = (changes: Record<string, Packable> = {}): Buffer =>
  pack({ v: 1, epoch: 1, seq: 0, time: wallClock(), values: [1, 2], ...changes })
const batched = (rows: Packable, columns: Packable): Buffer =>
  pack({ v: 1, epoch: 1, seq: 0, time: wallClock(), rows, columns })
/** A map with one key, whose value is an array in an array in an array. */
const nested = (depth: number): Buffer =>
  Buffer.concat([Buffer.of(0x81), pack('values'), Buffer.alloc(depth, 0x91), pack(1)])

/** Numbers messages that break the format, by what is wrong with them. */
const BAD_NUMBERS: Readonly<Record<string, (Uint8Array | string)[]>> = {
  'one part': ['numbers/random'],
  'four parts': ['numbers/random', batched(1, 1), Buffer.alloc(8), Buffer.alloc(8)],
  'an empty header': ['numbers/random', ''],
  'not msgpack': ['numbers/random', Buffer.of(0xc1, 1, 2, 3)],
  'a header cut short': ['numbers/random', header().subarray(0, 20)],
  'bytes after the header': ['numbers/random', Buffer.concat([header(), Buffer.of(0)])],
  'a header that is an array': ['numbers/random', pack([1, 2])],
  'an extension type': [
    'numbers/random',
    Buffer.concat([Buffer.of(0x81, 0xa1, 0x76), Buffer.of(0xd4, 1, 2)]),
  ],
  'deep nesting': ['numbers/random', nested(5000)],
  'a header over 64 KiB': [
    'numbers/random',
    header({ extra: new Uint8Array(65_000), more: new Uint8Array(1000) }),
  ],
  'no version': ['numbers/random', header({ v: null })],
  'seq not a number': ['numbers/random', header({ seq: NaN })],
  'seq below zero': ['numbers/random', header({ seq: -1 })],
  'seq with a fraction': ['numbers/random', header({ seq: 1.5 })],
  'seq as text': ['numbers/random', header({ seq: '1' })],
  'epoch beyond 32 bits': ['numbers/random', header({ epoch: 2 ** 32 })],
  'time not finite': ['numbers/random', header({ time: Infinity })],
  'values not an array': ['numbers/random', header({ values: 'abc' })],
  'no values': ['numbers/random', header({ values: [] })],
  'values not finite': ['numbers/random', header({ values: [1, NaN] })],
  'values with text': ['numbers/random', header({ values: [1, '2'] })],
  'rows beyond the bytes': ['numbers/random', batched(1000, 3), Buffer.alloc(24)],
  'rows below one': ['numbers/random', batched(0, 3), Buffer.alloc(0)],
  'rows that overflow': ['numbers/random', batched(2 ** 52, 2 ** 52), Buffer.alloc(8)],
  'retained not a boolean': ['numbers/random', header({ retained: 1 })],
}

describe('a client among strangers', () => {
  test('drops and counts each malformed message, and takes all that is good around it', async () => {
    await using publisher = await ForeignPublisher.open()
    const client = bench.start(['client', '3', '--json', '--connect', publisher.endpoint])
    await publisher.subscribed
    let seq = 0
    for (const parts of Object.values(BAD_NUMBERS)) {
      await publisher.send(...numbersMessage(seq, [seq]))
      await publisher.send(...parts)
      seq += 1
    }
    await publisher.send('numbers/random', header({ v: 2 }))
    await publisher.send(...numbersMessage(seq, [seq]))
    await client.stdout.find(new RegExp(`"seq":${seq},`))
    const { status, stdout, stderr } = await client.stop()
    expect(status).toBe(0)
    expect(stdout.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      Array.from({ length: seq + 1 }, (_, index) => index),
    )
    const bad = Object.keys(BAD_NUMBERS).length
    expect(SUMMARY.exec(stderr.at(-1) as string)?.slice(1, 5)).toEqual([`${seq + 1}`, '0', '0', `${bad}`])
    // Each is in the log, and so is the one of another version.
    expect(eventsLogged(bench.logLines())).toBe(bad + 1)
    for (const line of bench.logLines()) {
      expect(LOG_LINE.exec(line)?.slice(2)).toEqual([
        'WARNING',
        'client 3',
        expect.stringMatching(/^dropped a message on numbers\/random: \S/),
      ])
    }
  })

  test('counts a damaged message of its publisher once as invalid and once as lost', async () => {
    await using publisher = await ForeignPublisher.open()
    const client = bench.start(['client', '3', '--connect', publisher.endpoint, '--messages', '2'])
    await publisher.subscribed
    const [topic, damaged] = numbersMessage(1, [1]) as [Uint8Array, Uint8Array]
    await publisher.send(...numbersMessage(0, [0]))
    await publisher.send(topic, damaged.subarray(0, -1))
    await publisher.send(...numbersMessage(2, [2]))
    expect((await client.ended).stderr.at(-1)).toMatch(/^received 2, lost 1, skipped 0, invalid 1, /)
  })

  test('logs a storm of them in a few lines that tell how many there were', async () => {
    await using publisher = await ForeignPublisher.open()
    const client = bench.start(['client', '3', '--json', '--connect', publisher.endpoint])
    await publisher.subscribed
    for (let index = 0; index < 5000; index++) {
      await publisher.send('numbers/random', index % 2 === 0 ? 'x' : header({ seq: -1 }))
    }
    await publisher.send(...numbersMessage(0, [0]))
    await client.stdout.atLeast(1)
    expect((await client.stop()).stderr.at(-1)).toMatch(/^received 1, lost 0, skipped 0, invalid 5000, /)
    const lines = bench.logLines()
    expect(eventsLogged(lines)).toBe(5000)
    expect(lines.filter((line) => !line.includes('(repeated'))).toHaveLength(2)
  })

  const memoryTest = HAS_PROC ? test : test.skip
  memoryTest('does not grow, however many there are', async () => {
    await using publisher = await ForeignPublisher.open()
    const client = bench.start(['client', '3', '--json', '--connect', publisher.endpoint])
    await publisher.subscribed
    const residentMiB = (): number =>
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${client.pid}/status`, 'utf8'))?.[1]) / 1024
    const sendBad = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        await publisher.send('numbers/random', header({ extra: Buffer.alloc(60_000), seq: -1 }))
      }
    }
    await sendBad(100)
    await publisher.send(...numbersMessage(0, [0]))
    await client.stdout.atLeast(1)
    const before = residentMiB()
    await sendBad(10_000)
    await publisher.send(...numbersMessage(1, [1]))
    await client.stdout.atLeast(2)
    // What came is 570 MiB; what the sockets' queues may hold of it is some 60 MiB each.
    expect(residentMiB() - before).toBeLessThan(250)
    // The stranger's own queue drops what a busy machine does not take in time.
    expect((await client.stop()).stderr.at(-1)).toMatch(
      /^received 2, lost 0, skipped 0, invalid 10[01]\d\d, /,
    )
  })
})

describe('a viewer among strangers', () => {
  test('drops and counts what is not the picture that it says it is', async () => {
    const picture = await greyPicture(32, 16, 90)
    const picturePart = (changes: Record<string, Packable>): Buffer =>
      pack({ v: 1, epoch: 1, seq: 0, time: wallClock(), width: 32, height: 16, format: 'jpeg', ...changes })
    const bad: (Uint8Array | string)[][] = [
      ['video/main', picturePart({}), 'not a picture'],
      ['video/main', picturePart({}), ''],
      ['video/main', picturePart({}), picture.subarray(0, -1)],
      ['video/main', picturePart({}), picture.subarray(1)],
      ['video/main', picturePart({}), Buffer.concat([picture, Buffer.of(0)])],
      ['video/main', picturePart({ width: 33 }), picture],
      ['video/main', picturePart({ width: '32' }), picture],
      ['video/main', picturePart({ height: NaN }), picture],
      ['video/main', picturePart({})],
      ['video/main', picturePart({}), picture, picture],
      ['video/main', picturePart({ format: null }), picture],
      // A few hundred bytes that would take a browser or ffmpeg gigabytes.
      ['video/main', picturePart({ width: 16_384, height: 16_384 }), claiming(picture, 16_384, 16_384)],
      ['video/main', picturePart({ width: 8000, height: 8000 }), claiming(picture, 8000, 8000)],
      ['video/main', picturePart({}), Buffer.concat([picture, claiming(picture, 16_000, 16_000)])],
      ['video/main', picturePart({}), withSecondHeader(picture, 16_000, 16_000)],
    ]
    await using publisher = await ForeignPublisher.open()
    const viewer = bench.start(['viewer', '1', '--show', 'none', '--json', '--connect', publisher.endpoint])
    await publisher.subscribed
    await publisher.send(...videoMessage(0, picture, 32, 16))
    for (const parts of bad) await publisher.send(...parts)
    await publisher.send('video/main', picturePart({ format: 'webp' }), picture)
    await publisher.send(...videoMessage(1, picture, 32, 16))
    await viewer.stdout.find(/"received":2/)
    const { status, stdout, stderr } = await viewer.stop('SIGTERM')
    expect(status).toBe(0)
    expect(JSON.parse(stdout.at(-1) as string)).toMatchObject({
      type: 'summary',
      received: 2,
      lost: 0,
      invalid: bad.length,
      unsupported: 1,
      first: 0,
      last: 1,
    })
    expect(stderr.at(-1)).toContain(`received 2, lost 0, skipped `)
    expect(stderr.at(-1)).toContain(`invalid ${bad.length}, `)
  })
})

/** A picture whose frame header says another size. */
function claiming(picture: Uint8Array, width: number, height: number): Buffer {
  const changed = Buffer.from(picture)
  const frame = changed.indexOf(Buffer.of(0xff, 0xc0))
  changed.writeUInt16BE(height, frame + 5)
  changed.writeUInt16BE(width, frame + 7)
  return changed
}

/** A picture after whose data comes a frame header of another size, with a scan of its own. */
function withSecondHeader(picture: Uint8Array, width: number, height: number): Buffer {
  const other = claiming(picture, width, height)
  return Buffer.concat([picture.subarray(0, -2), other.subarray(other.indexOf(Buffer.of(0xff, 0xc0)))])
}
