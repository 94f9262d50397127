import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { Publisher, RandomNumbersSource } from '@zcast/publisher'
import { Demand } from '@zcast/shared'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { greyPicture } from '../support/messages.ts'
import type { Program } from '../support/program.ts'
import { PROJECT, publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'
import { findPython } from '@zcast/testing/machine/python'

const PYTHON = findPython('zmq, msgpack')

const bench = useWorkbench()

interface Value {
  readonly epoch: number
  readonly seq: number
  readonly time: number
  readonly values: (number | null)[]
}

const parse = (line: string): Value => JSON.parse(line) as Value
const example = (name: string): string => join(PROJECT, 'examples', 'python', name)
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const python = (...args: string[]): Program => bench.launch(PYTHON.path as string, args)

PYTHON.describe('a publisher in Python', () => {
  test('as in the documentation is read by clients 1, 2 and 3', async () => {
    const endpoint = await freeEndpoint()
    const clients = ['1', '2', '3'].map((which) =>
      bench.start(['client', which, '--json', '--connect', endpoint]),
    )
    for (const { stderr } of clients) await stderr.find(/waiting for/)
    const publisher = python(example('publisher.py'), endpoint)
    // Whatever one of them has seen by then, the others have seen a part of, or see it soon.
    for (const { stdout } of clients) await stdout.atLeast(5)
    const common = Math.max(...clients.map(({ stdout }) => parse(stdout.all.at(-1) as string).seq))
    for (const { stdout } of clients) await stdout.find(new RegExp(`"seq":${common},`))
    const endings = await Promise.all(clients.map((client) => client.stop()))
    await publisher.stop('SIGKILL')
    const [even, odd, all] = endings.map(({ stdout }) =>
      stdout.map(parse).find(({ seq }) => seq === common),
    ) as [Value, Value, Value]
    expect(all.values).toHaveLength(6)
    expect(even.values).toEqual([0, 2, 4].map((position) => all.values[position]))
    expect(odd.values).toEqual([1, 3, 5].map((position) => all.values[position]))
    for (const { status, stdout, stderr } of endings) {
      expect(status).toBe(0)
      expect(stderr.at(-1)).toMatch(SUMMARY)
      expect(stderr.at(-1)).toContain(`received ${stdout.length}, lost 0, skipped 0, invalid 0, `)
    }
  })

  test('of batches, with numbers of other types and keys of its own, is read row by row', async () => {
    const endpoint = await freeEndpoint()
    const publisher = python(fixture('batch_publisher.py'), endpoint)
    const client = await bench.run(['client', 'all', '--json', '--messages', 7, '--connect', endpoint])
    await publisher.stop('SIGKILL')
    expect(client.status).toBe(0)
    const values = client.stdout.map(parse)
    expect(values).toHaveLength(7)
    const first = values[0] as Value
    expect(first.seq % 3).toBe(0)
    for (const [index, value] of values.entries()) {
      expect(value).toMatchObject({ epoch: 7, seq: first.seq + index })
      expect(value.values).toEqual([Math.floor(value.seq / 3), [null, 0.5, -1][value.seq % 3]])
      if (index % 3 > 0) expect(value.time - (values[index - 1] as Value).time).toBeCloseTo(0.5, 5)
    }
    // Batches come whole, so that what is left of the last one was received as well.
    expect(client.stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0, /)
  })

  test('of pictures is read by a viewer', async () => {
    const endpoint = await freeEndpoint()
    await writeFile(bench.path('picture.jpg'), await greyPicture(48, 32, 77))
    const publisher = python(fixture('video_publisher.py'), endpoint, bench.path('picture.jpg'), '48', '32')
    const viewer = await bench.run([
      'viewer',
      '1',
      '--show',
      'none',
      '--json',
      '--messages',
      10,
      '--connect',
      endpoint,
    ])
    await publisher.stop('SIGKILL')
    expect(viewer.status).toBe(0)
    expect(JSON.parse(viewer.stdout.at(-1) as string)).toMatchObject({
      type: 'summary',
      lost: 0,
      invalid: 0,
      unsupported: 0,
      width: 48,
      height: 32,
    })
  })
})

PYTHON.describe('a subscriber in Python', () => {
  test('as in the documentation reads the numbers that zcast publishes', async () => {
    const options = ['--bind', 'tcp://127.0.0.1:*', '--interval', '20ms', '--seed', 3]
    const publisher = bench.start(['publish', 'numbers', ...options])
    const subscriber = python(example('subscriber.py'), await publishedAt(publisher, 'numbers/random'))
    const lines = await subscriber.stdout.atLeast(5)
    await subscriber.stop('SIGKILL')
    await publisher.stop()
    const received = lines.map((line) => /^numbers\/random (\d+) (\[.+\])$/.exec(line) as RegExpExecArray)
    const last = Number(received.at(-1)?.[1])
    const expected: number[][] = []
    const demand = new Demand([''])
    const source = new RandomNumbersSource({ seed: 3, intervalMs: 0 })
    for await (const { data } of source.blocks({ signal: new AbortController().signal, demand })) {
      expected.push([...data])
      if (expected.length > last) break
    }
    for (const [index, [, seq, values]] of received.entries()) {
      expect(Number(seq)).toBe(last - received.length + 1 + index)
      expect(JSON.parse(values as string)).toEqual(expected[Number(seq)])
    }
  })

  test('reads arrays that do not fit a header, and pictures', async () => {
    const options = [
      '--numbers-port',
      0,
      '--video-port',
      0,
      '--interval',
      '50ms',
      '--count',
      7001,
      '--upper',
      1,
    ]
    const publisher = bench.start(['publish', ...options, '--width', 160])
    const numbers = python(example('subscriber.py'), await publishedAt(publisher, 'numbers/random'))
    const video = python(example('subscriber.py'), await publishedAt(publisher, 'video/main'), 'video/main')
    const [, values] = await numbers.stdout.find(/^numbers\/random \d+ (\[.+\])$/)
    const [, bytes] = await video.stdout.find(/^video\/main \d+ (\d+)$/)
    for (const subscriber of [numbers, video]) await subscriber.stop('SIGKILL')
    await publisher.stop()
    expect(JSON.parse(values as string)).toHaveLength(7001)
    expect(Number(bytes)).toBeGreaterThan(500)
  })

  test('as in the documentation prints what is said in a chat, and what was taken back', async () => {
    await using publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
    const chat = publisher.topic('chat/main')
    const program = python(example('chat.py'), publisher.endpoints[0] as string)
    await chat.untilWatched()
    await chat.send({ id: 7, name: 'ann', guest: 'a1', text: 'h\u00e9 \u2615!\u001b[2J' })
    await chat.send({ id: 7, name: 'ann', guest: 'a1', text: '', removed: true })
    expect(await program.stdout.atLeast(2)).toEqual([
      String.raw`7 ann 'h\xe9 \u2615!\x1b[2J'`,
      "7 ann '(removed)'",
    ])
    await program.stop('SIGKILL')
  })
})
