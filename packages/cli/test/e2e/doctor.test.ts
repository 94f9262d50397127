import { spawnSync } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Publisher, type Source, type SourceRun } from '@zcast/publisher'
import { type Frame, Ticker, type TopicList, wallClock, writeNewKeys, ZeromqTransport } from '@zcast/shared'
import { encodeTopicList, isTopicsRequest } from '@zcast/shared/internal'
import { findPython } from '@zcast/testing/machine/python'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { freeEndpoint, freePort } from '@zcast/testing/network/free-ports'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const PYTHON = findPython('zmq')
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Found {
  readonly status: number | null
  /** By code; of several with the same, the last. */
  readonly findings: Readonly<Record<string, Record<string, unknown>>>
}

async function examine(...args: string[]): Promise<Found> {
  const { status, stdout } = await bench.run(['doctor', '--json', ...args])
  const findings = stdout.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { status, findings: Object.fromEntries(findings.map((finding) => [finding['code'], finding])) }
}

/** Pictures of 30,000 bytes, 30 a second; `dropped` of a camera that is too fast for its machine. */
class Camera implements Source {
  readonly kind = 'video'
  readonly expectedBytes = 30_000
  dropped = 0
  readonly #dropsEach: number
  readonly #lateEach: number

  /** @param lateEach - By how many seconds each picture is later than the one before it. */
  constructor(dropsEach: number, lateEach: number) {
    this.#dropsEach = dropsEach
    this.#lateEach = lateEach
  }

  async *blocks({ signal }: SourceRun): AsyncGenerator<Frame> {
    const data = jpegShell(
      16,
      9,
      Array.from({ length: 30_000 }, () => 1),
    )
    const ticker = new Ticker(30)
    let late = 0
    for (let time = await ticker.next(signal); time !== undefined; time = await ticker.next(signal)) {
      this.dropped += this.#dropsEach
      late += this.#lateEach
      yield { kind: 'video', time: time - late, width: 16, height: 9, format: 'jpeg', data }
    }
  }
}

/** Publishes from this process. @returns The endpoint. */
async function publishCamera(dropsEach = 0, lateEach = 0): Promise<string> {
  const publisher = await Publisher.open({ bind: ['tcp://127.0.0.1:*'], expectedBytes: 30_000 })
  closing.push(() => publisher.close())
  void publisher.run(new Camera(dropsEach, lateEach), { stream: 'main' })
  return publisher.endpoints[0] as string
}

describe('zcast doctor', () => {
  test('finds nothing wrong with a stream that is well, and says so with its figures', async () => {
    const endpoint = await publishCamera()
    const { status, findings } = await examine('--connect', endpoint, '--topic', 'video/main')
    expect(findings['topic']).toMatchObject({
      type: 'finding',
      level: 'ok',
      sentence: expect.stringMatching(/^video\/main comes from \S+: [\d.]+\/s, [\d.]+ [kM]?B\/s$/),
      advice: null,
    })
    expect(findings).toMatchObject({ reached: {}, clock: {}, versions: {}, ffmpeg: {} })
    expect(findings).not.toHaveProperty('network-slow')
    expect(findings).not.toHaveProperty('topic-missing')
    expect(status).toBe(Object.values(findings).some(({ level }) => level === 'problem') ? 1 : 0)
  })

  test('says what is published where nothing is on the topic that is wanted, for people, with status 1', async () => {
    const endpoint = await publishCamera()
    const args = ['doctor', '--quiet', '--connect', endpoint, '--topic', 'video/mian']
    const { status, stdout, stderr } = await bench.run(args)
    expect(stdout).toContain(
      `problem  nothing is published on video/mian at ${endpoint}: what is published there is video/main; did you mean "video/main"?; subscribe to one of these, or start the publisher of that topic`,
    )
    expect({ status, stderr }).toEqual({ status: 1, stderr: [] })
  })

  test('says that the network carries less than the stream needs', async () => {
    const link = await SlowLink.to(await publishCamera(), 300_000)
    closing.push(() => link.close())
    const { status, findings } = await examine('--connect', link.endpoint)
    expect(findings['network-slow']).toMatchObject({
      level: 'problem',
      sentence: expect.stringMatching(
        /too slow for video\/main: wanted [\d.]+ [kM]B\/s, carried [\d.]+ kB\/s, .*(lost|delays grew)/,
      ),
    })
    const measured = findings['network-slow']?.['measurement'] as Record<string, number> | undefined
    expect(measured?.['carried']).toBeLessThan(0.8 * (measured?.['wanted'] as number))
    expect(status).toBe(1)
  })

  test('says that the publisher leaves values out', async () => {
    const { status, findings } = await examine('--connect', await publishCamera(2))
    expect(findings['publisher-slow']).toMatchObject({
      level: 'problem',
      sentence: expect.stringMatching(
        /^the publisher of video\/main is too slow: it left out \d+ values in /,
      ),
    })
    expect(status).toBe(1)
  })

  test('says that the publisher is late, and not the network', async () => {
    const { findings } = await examine('--connect', await publishCamera(0, 0.015))
    expect(findings).not.toHaveProperty('network-slow')
    expect(findings['publisher-late']).toMatchObject({
      level: 'problem',
      sentence: expect.stringMatching(
        /^the publisher of video\/main is too slow: it sends values later and later, by /,
      ),
    })
  })

  test('says that keys are wanted, that a server key is wrong, and that others can read a key', async () => {
    for (const name of ['server', 'other', 'lab']) await writeNewKeys(bench.path('keys'), name)
    const keys = ['--keys-dir', bench.path('keys')]
    const bind = ['--bind', 'tcp://127.0.0.1:*']
    const publisher = bench.start([
      'publish',
      'numbers',
      ...bind,
      '--curve',
      'server',
      '--allow',
      'lab',
      ...keys,
    ])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    await chmod(join(bench.path('keys'), 'lab.key_secret'), 0o644)
    const [without, wrong, right] = await Promise.all([
      examine('--connect', endpoint),
      examine('--connect', endpoint, '--curve', 'lab', '--server-key', 'other', ...keys),
      examine('--connect', endpoint, '--curve', 'lab', '--server-key', 'server', ...keys),
    ])
    expect(without).toMatchObject({
      status: 1,
      findings: { keys: { level: 'problem', sentence: expect.stringContaining('it requires a key') } },
    })
    expect(wrong).toMatchObject({
      status: 1,
      findings: { keys: { sentence: expect.stringContaining('its key is not the one given') } },
    })
    expect(right.findings).not.toHaveProperty('keys')
    expect(right.findings['keys-file']).toMatchObject({
      level: 'warning',
      sentence: expect.stringMatching(/^others can read the secret key in ".*lab\.key_secret"/),
    })
    expect(right.findings).toHaveProperty('reached')
  })

  test('says that clocks and versions differ', async () => {
    const socket = await new ZeromqTransport().openPublish({
      bind: ['tcp://127.0.0.1:*'],
      highWaterMark: 100,
    })
    closing.push(() => socket.close())
    socket.onSubscription((prefix, subscribed) => {
      if (!subscribed || !isTopicsRequest(prefix)) return
      const rates = { perSecond: 0, messagesPerSecond: 0, bytesPerSecond: 0 }
      const list: TopicList = {
        time: wallClock() + 3600,
        publisher: 7,
        version: '99.0.0',
        topics: [{ topic: 'numbers/late', kind: 'numbers', epoch: 1, sent: 0, ...rates }],
        more: 0,
      }
      for (const message of encodeTopicList(prefix, list)) void socket.send(message)
    })
    const { findings } = await examine('--connect', socket.endpoints[0] as string)
    expect(findings).toMatchObject({
      'clocks-differ': {
        level: 'warning',
        sentence: expect.stringMatching(/ is 36\d\d\.\d s ahead of the clock here \(\+- /),
      },
      'versions-differ': { level: 'warning', sentence: expect.stringContaining('is zcast 99.0.0') },
      silent: {
        sentence: expect.stringMatching(/^nothing came on numbers\/late .*it has never had a value$/),
      },
    })
  })

  test('says that a viewer skips values, that its network is slow, and what gets nothing, by its page', async () => {
    let skipped = 0
    const page = createServer((_, response) => {
      skipped += 40
      const network = { wanted: 30, carried: 11 }
      const streams = [
        { topic: 'video/main', delivered: skipped * 2, skipped, network: null },
        { topic: 'video/desk', delivered: skipped, skipped: 0, network },
        { topic: 'video/door', delivered: 7, skipped: 0, network: null },
      ]
      response.end(JSON.stringify({ title: 'viewer 1', streams, readers: [{ kind: 'mjpeg', network }] }))
    })
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => page.close(resolve)))
    const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
    const { findings } = await examine('--page', address, '--connect', await freeEndpoint())
    expect(findings).toMatchObject({
      'viewer-slow': {
        sentence: expect.stringMatching(/too slow for video\/main: it skipped 40 of 120 values in 4 s$/),
      },
      'viewer-idle': {
        level: 'warning',
        sentence: expect.stringMatching(/ got nothing of video\/door in 4 s$/),
      },
      'network-slow': {
        sentence: expect.stringMatching(/video\/desk: wanted 30\.00\/s, carried 11\.00\/s$/),
      },
      'browser-slow': {
        sentence: expect.stringMatching(/30\.00 pictures a second are there for it, 11\.00 reach it$/),
      },
    })
  })

  test('finds the pages of viewers by itself, and a reader of one that takes less than is there', async () => {
    if (process.platform !== 'linux') return console.log('only on Linux pages are found')
    if (spawnSync('curl', ['--version']).status !== 0) return console.log('skipped: there is no curl')
    const port = await freePort()
    const publisher = bench.start(['publish', 'video', '--bind', 'tcp://127.0.0.1:*', '--width', '640'])
    const endpoint = await publishedAt(publisher, 'video/main')
    const viewer = bench.start(['viewer', '1', '--connect', endpoint, '--port', String(port)])
    await viewer.stdout.find(/^watch at /)
    const page = `http://127.0.0.1:${port}`
    const curl = [
      '--limit-rate',
      '50k',
      '--retry',
      '20',
      '--retry-connrefused',
      '-so',
      '/dev/null',
      `${page}/stream.mjpg`,
    ]
    bench.launch('curl', curl)
    const { findings } = await examine('--connect', endpoint)
    expect(findings['browser-slow']).toMatchObject({
      level: 'problem',
      sentence: expect.stringContaining(`a reader (mjpeg) of the page ${page} is too slow, or its network: `),
    })
  })

  test('says that a stopped publisher does not answer', async () => {
    if (process.platform !== 'linux') return console.log('only Linux says which program has a port')
    const publisher = bench.start(['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*'])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    publisher.kill('SIGSTOP')
    const { status, findings } = await examine('--connect', endpoint)
    publisher.kill('SIGCONT')
    expect(findings['publisher-hangs']).toMatchObject({
      sentence: expect.stringMatching(
        /^zcast publish numbers \(process \d+\) listens at port \d+ and does not answer$/,
      ),
    })
    expect(status).toBe(1)
  })
})

PYTHON.describe('zcast doctor, with programs in Python', () => {
  const publish = async (mode: string): Promise<string> => {
    const endpoint = await freeEndpoint()
    bench.launch(PYTHON.path as string, [fixture('camera_publisher.py'), endpoint, mode])
    return endpoint
  }

  // The doctor looks at once, and the program takes a moment to listen; what a busy machine does to it may look like
  // something else for once.
  const examineUntil = async (code: string, endpoint: string): Promise<Found> => {
    for (;;) {
      const found = await examine('--connect', endpoint)
      if (code in found.findings) return found
    }
  }

  test('tells a publisher that makes nothing for a while from a way that is blocked', async () => {
    const [gaps, stalls] = await Promise.all([
      publish('gaps').then((endpoint) => examineUntil('publisher-gaps', endpoint)),
      publish('stalls').then((endpoint) => examineUntil('network-stalls', endpoint)),
    ])
    expect(gaps.findings['publisher-gaps']).toMatchObject({
      level: 'problem',
      sentence: expect.stringMatching(
        /^the publisher of camera sent nothing (once|\d times) for up to 1\.\d s/,
      ),
    })
    expect(stalls.findings['network-stalls']).toMatchObject({
      sentence: expect.stringMatching(/^camera was held up on its way (once|\d times) for up to 1\.\d s/),
    })
  })

  test('says that a socket of ZeroMQ is no publisher', async () => {
    const endpoint = await freeEndpoint()
    const script =
      'import sys, time, zmq; s = zmq.Context().socket(zmq.REP); s.bind(sys.argv[1]); time.sleep(600)'
    bench.launch(PYTHON.path as string, ['-c', script, endpoint])
    const { status, findings } = await examineUntil('no-publisher', endpoint)
    expect(findings['no-publisher']).toMatchObject({
      level: 'problem',
      sentence: `${endpoint} speaks ZeroMQ and is no publisher (PUB or XPUB) that can be subscribed to`,
    })
    expect(status).toBe(1)
  })

  test('names the program that reads slower than it is sent to', async () => {
    if (process.platform !== 'linux') return console.log('only Linux tells the queues of others')
    const endpoint = await publish('big')
    const reader = bench.launch(PYTHON.path as string, [fixture('slow_reader.py'), endpoint])
    await reader.stdout.atLeast(2)
    const { status, findings } = await examineUntil('viewer-slow', endpoint)
    expect(findings['viewer-slow']).toMatchObject({
      level: 'problem',
      sentence: expect.stringMatching(/^python\S* slow_reader\.py \(process \d+\) reads slower than /),
    })
    expect(status).toBe(1)
  })
})
