import { describe, expect, test } from '@jest/globals'
import { RandomNumbersSource } from '@zcast/publisher'
import { Demand } from '@zcast/shared'
import { rowsOf } from '@zcast/shared/internal'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Value {
  readonly topic: string
  readonly epoch: number
  readonly seq: number
  readonly time: number
  readonly values: number[]
}

const parse = (line: string): Value => JSON.parse(line) as Value
const ANY_PORT = 'tcp://127.0.0.1:*'

/** The first `count` arrays that a seed gives. */
async function arraysOf(seed: number, count: number): Promise<number[][]> {
  const arrays: number[][] = []
  const source = new RandomNumbersSource({ seed, intervalMs: 0 })
  for await (const block of source.blocks({
    signal: new AbortController().signal,
    demand: new Demand(['']),
  })) {
    for (const row of rowsOf(block)) arrays.push([...row])
    if (arrays.length >= count) break
  }
  return arrays
}

async function startPublisher(
  ...args: (string | number)[]
): Promise<{ publisher: Program; endpoint: string }> {
  const publisher = bench.start(['publish', 'numbers', '--bind', ANY_PORT, ...args])
  return { publisher, endpoint: await publishedAt(publisher, 'numbers/random') }
}

describe('clients of a publisher of random numbers', () => {
  test('1, 2 and 3 print the even positions, the odd ones and all of the very same arrays', async () => {
    const { publisher, endpoint } = await startPublisher('--interval', '20ms', '--seed', 7)
    const clients = ['1', 'odd', '3'].map((which) =>
      bench.start(['client', which, '--connect', endpoint, '--json']),
    )
    const firsts = await Promise.all(
      clients.map(async ({ stdout }) => parse((await stdout.atLeast(1))[0] as string).seq),
    )
    const from = Math.max(...firsts)
    await Promise.all(clients.map(({ stdout }) => stdout.find(new RegExp(`"seq":${from + 5},`))))
    const endings = await Promise.all(clients.map((client) => client.stop()))
    await publisher.stop()

    const expected = await arraysOf(7, from + 6)
    const [even, odd, all] = endings.map(
      ({ stdout }) => new Map(stdout.map(parse).map(({ seq, values }) => [seq, values])),
    ) as [Map<number, number[]>, Map<number, number[]>, Map<number, number[]>]
    for (let seq = from; seq <= from + 5; seq++) {
      const [a, b, c, d, e, f] = expected[seq] as [number, number, number, number, number, number]
      expect(all.get(seq)).toEqual([a, b, c, d, e, f])
      expect(even.get(seq)).toEqual([a, c, e])
      expect(odd.get(seq)).toEqual([b, d, f])
    }
    for (const { status } of endings) expect(status).toBe(0)
  })

  test('print one object for each value with --json, in order and without a gap', async () => {
    const { publisher, endpoint } = await startPublisher(
      '--interval',
      '10ms',
      '--lower',
      5,
      '--upper',
      6,
      '--count',
      2,
    )
    const client = bench.start(['client', '3', '--connect', endpoint, '--json', '--messages', 20])
    const { status, stdout, stderr } = await client.ended
    await publisher.stop()
    expect(status).toBe(0)
    const values = stdout.map(parse)
    expect(values).toHaveLength(20)
    const [first] = values as [Value]
    for (const [index, value] of values.entries()) {
      expect(Object.keys(value)).toEqual(['topic', 'epoch', 'seq', 'time', 'values'])
      expect(value).toMatchObject({ topic: 'numbers/random', epoch: first.epoch, seq: first.seq + index })
      expect(Math.abs(value.time - Date.now() / 1000)).toBeLessThan(600)
      expect(value.values).toHaveLength(2)
      for (const number of value.values) expect(number >= 5 && number < 6).toBe(true)
    }
    expect(Number.isInteger(first.epoch) && first.epoch >= 0 && first.epoch < 2 ** 32).toBe(true)
    expect(stderr.at(-1)).toMatch(SUMMARY)
  })

  test('print a line for people without --json, and say to whom they are connected', async () => {
    const { publisher, endpoint } = await startPublisher('--interval', '10ms', '--count', 3)
    // For a second: the first values may come before libzmq's report of the connection.
    const { status, stdout, stderr } = await bench.run([
      'client',
      'all',
      '--connect',
      endpoint,
      '--messages',
      100,
    ])
    await publisher.stop()
    expect(status).toBe(0)
    expect(stdout).toHaveLength(100)
    // Three decimals; one in a thousand random numbers has no more than nine, and is shown as it is.
    for (const line of stdout) expect(line).toMatch(/^#\d+( +\d{1,4}\.\d{3,9}){3}$/)
    expect(stderr).toHaveLength(2)
    expect(stderr[0]).toBe(`client 3: connected: numbers/random from ${endpoint}`)
    expect(stderr[1]).toMatch(SUMMARY)
  })

  test('lose nothing of a publisher that is as fast as its subscriber, and both end by themselves', async () => {
    const { publisher, endpoint } = await startPublisher('--interval', 0, '--messages', 20_000, '--seed', 1)
    const { status, stdout, stderr } = await bench.run([
      'client',
      '3',
      '--connect',
      endpoint,
      '--json',
      '--messages',
      20_000,
    ])
    expect(status).toBe(0)
    expect(stdout.map((line) => parse(line).seq)).toEqual(Array.from({ length: 20_000 }, (_, seq) => seq))
    expect(stderr.at(-1)).toMatch(/^received 20000, lost 0, skipped 0, invalid 0, /)
    const sent = await publisher.ended
    expect(sent.status).toBe(0)
    expect(sent.stderr.at(-1)).toMatch(/^numbers\/random: sent 20000, dropped 0, \d+\.\d\/s$/)
  })

  test('end with the summary, and say nothing else with --quiet', async () => {
    const endpoint = await freeEndpoint()
    const options = ['--interval', '10ms', '--quiet']
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, ...options])
    const { status, stdout, stderr } = await bench.run([
      'client',
      '2',
      '--connect',
      endpoint,
      '--quiet',
      '--messages',
      5,
    ])
    const sent = await publisher.stop()
    expect(status).toBe(0)
    expect(stdout).toEqual([])
    expect(stderr).toEqual([expect.stringMatching(SUMMARY)])
    expect(sent.stderr).toEqual([expect.stringMatching(/^numbers\/random: sent \d+, dropped 0, \d+\.\d\/s$/)])
  })

  test('end after --for, with nothing received as well', async () => {
    const endpoint = await freeEndpoint()
    const { status, stdout, stderr } = await bench.run([
      'client',
      '1',
      '--connect',
      endpoint,
      '--for',
      '100ms',
    ])
    expect(status).toBe(0)
    expect(stdout).toEqual([])
    expect(stderr.at(-1)).toBe('received 0, lost 0, skipped 0, invalid 0, 0.0/s, connecting')
  })
})

describe('the publisher', () => {
  test('sends the same numbers again with the same --seed, under another epoch', async () => {
    const run = async (): Promise<Value[]> => {
      const { publisher, endpoint } = await startPublisher('--interval', 0, '--messages', 3, '--seed', -5)
      const client = await bench.run(['client', '3', '--connect', endpoint, '--json', '--messages', 3])
      await publisher.ended
      return client.stdout.map(parse)
    }
    const [first, second] = [await run(), await run()]
    expect(first.map(({ values }) => values)).toEqual(await arraysOf(-5, 3))
    expect(second.map(({ values }) => values)).toEqual(first.map(({ values }) => values))
    expect(second[0]?.epoch).not.toBe(first[0]?.epoch)
  })

  test('ends after --messages and after --for, with exit status 0 and what it sent', async () => {
    const [counted, timed] = await Promise.all([
      bench.run(['publish', 'numbers', '--bind', ANY_PORT, '--interval', '5ms', '--messages', 4]),
      bench.run(['publish', 'numbers', '--bind', ANY_PORT, '--interval', '5ms', '--for', '100ms']),
    ])
    expect(counted.status).toBe(0)
    expect(counted.stderr.at(-1)).toMatch(/^numbers\/random: sent 4, dropped 0, /)
    expect(timed.status).toBe(0)
    expect(timed.stderr.at(-1)).toMatch(/^numbers\/random: sent \d+, dropped 0, /)
  })

  test.each([
    ['1', 'a subscriber is connected'],
    ['2', '2 subscribers are connected'],
  ])('says with --wait-for %s that it begins once %s', async (count, sentence) => {
    const publisher = bench.start(['publish', 'numbers', '--bind', ANY_PORT, '--wait-for', count])
    await publisher.stderr.find(new RegExp(`publishing numbers/random on \\S+, once ${sentence}$`))
    expect((await publisher.stop()).status).toBe(0)
  })

  test('says what it sent as JSON, last as a summary', async () => {
    const { status, stdout } = await bench.run([
      'publish',
      'numbers',
      '--bind',
      ANY_PORT,
      '--interval',
      '5ms',
      '--messages',
      4,
      '--json',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout.at(-1) as string)).toEqual({
      type: 'summary',
      topic: 'numbers/random',
      sent: 4,
      dropped: 0,
    })
  })

  test('sends numbers and video on two sockets at once', async () => {
    const publisher = bench.start([
      'publish',
      '--numbers-port',
      0,
      '--video-port',
      0,
      '--width',
      160,
      '--interval',
      '50ms',
    ])
    const numbers = await publishedAt(publisher, 'numbers/random')
    const video = await publishedAt(publisher, 'video/main')
    expect(numbers).not.toBe(video)
    const [client, viewer] = await Promise.all([
      bench.run(['client', '1', '--connect', numbers, '--messages', 3]),
      bench.run(['viewer', '1', '--show', 'none', '--connect', video, '--messages', 3]),
    ])
    expect(client.stdout).toHaveLength(3)
    expect(viewer.stderr.at(-1)).toMatch(SUMMARY)
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    expect(stderr.slice(-2)).toEqual([
      expect.stringMatching(/^numbers\/random: sent \d+, dropped 0, /),
      expect.stringMatching(/^video\/main: sent \d+, dropped 0, /),
    ])
  })
})
