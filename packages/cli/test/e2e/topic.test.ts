import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const PYTHON = findPython('zmq, msgpack')
const fixture = fileURLToPath(new URL('../fixtures/topics_publisher.py', import.meta.url))

const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>
const parseAll = (lines: readonly string[]): Record<string, unknown>[] => lines.map(parse)

interface Published {
  readonly publisher: Program
  readonly connect: readonly string[]
}

/** A publisher of ours, of numbers and video. */
async function publish(): Promise<Published> {
  const options = ['--numbers-port', '0', '--video-port', '0', '--interval', '10ms', '--rendition', '180p']
  const publisher = bench.start(['publish', ...options])
  const endpoints = [
    await publishedAt(publisher, 'numbers/random'),
    await publishedAt(publisher, 'video/main'),
  ]
  return { publisher, connect: endpoints.flatMap((endpoint) => ['--connect', endpoint]) }
}

describe('zcast topic, of a publisher of zcast', () => {
  test('list says what there is, and nothing is made for it', async () => {
    const { publisher, connect } = await publish()
    const { status, stdout } = await bench.run(['topic', 'list', '--json', ...connect])
    const { stderr } = await publisher.stop()
    expect(status).toBe(0)
    const [numbers, video, rendition] = parseAll(stdout)
    expect(numbers).toMatchObject({
      type: 'topic',
      topic: 'numbers/random',
      kind: 'numbers',
      format: 'zcast',
      columns: 6,
    })
    expect(video).toMatchObject({
      topic: 'video/main',
      kind: 'video',
      rate: 0,
      width: 640,
      height: 360,
      compression: 'jpeg',
      renditions: ['180p'],
    })
    expect(rendition).toMatchObject({ topic: 'video@180p/main', epoch: (video as { epoch: number }).epoch })
    expect(stderr.filter((line) => line.startsWith('video/main:'))).toEqual([
      expect.stringMatching(/sent 0, dropped 0/),
    ])
  })

  test('list and hz are CSV for a table, with the same topics', async () => {
    const { connect } = await publish()
    const list = await bench.run(['topic', 'list', '--csv', ...connect])
    expect(list.stdout[0]).toMatch(/^topic,kind,format,rate,size,epoch,description,/)
    expect(list.stdout.map((line) => line.split(',')[0])).toEqual([
      'topic',
      'numbers/random',
      'video/main',
      'video@180p/main',
    ])
    const program = bench.start(['topic', 'hz', '--csv', ...connect])
    for (const topic of ['numbers/random', 'video/main']) await program.stdout.find(new RegExp(`^${topic},`))
    const hz = await program.stop()
    expect(hz.stdout[0]).toMatch(/^topic,rate,messages,mean,min,max,deviation,p99,time_rate,/)
    expect(new Set(hz.stdout.slice(1).map((line) => line.split(',')[0]))).toEqual(
      new Set(['numbers/random', 'video/main']),
    )
  })

  test('info says all of a topic, and a command for what comes next', async () => {
    const { connect } = await publish()
    const { status, stdout } = await bench.run(['topic', 'info', 'video/main', '--for', '4s', ...connect])
    expect(status).toBe(0)
    const text = stdout.join('\n')
    expect(text).toMatch(/^video\/main\n/)
    expect(text).toMatch(/ values: +640x360 JPEG\n/)
    expect(text).toMatch(/ renditions: +180p\n/)
    expect(text).toMatch(/ counts: +received \d+, lost (\d+|unknown), restarts 0, /)
    expect(text).toMatch(/ next: +zcast viewer 1 --topic video\/main --connect tcp:/)
  })

  test('delay tells the difference of the clocks apart: here there is none', async () => {
    const { connect } = await publish()
    const program = bench.start(['topic', 'delay', 'numbers/random', '--json', ...connect])
    const { input } = await program.stdout.find(/"count":[1-9].*"offset":-?\d|"offset":-?\d.*"count":[1-9]/)
    await program.stop()
    const { offset, error, clocksDiffer, count } = parse(input) as Record<string, number>
    expect(count).toBeGreaterThan(0)
    expect(Math.abs(offset as number)).toBeLessThanOrEqual((error as number) + 2)
    expect(clocksDiffer).toBe(false)
  })

  test('echo of a picture is its header and its size', async () => {
    const { connect } = await publish()
    const { stdout } = await bench.run(['topic', 'echo', 'video/main', '--once', ...connect])
    expect(stdout).toEqual([
      expect.stringMatching(/^video\/main #\d+ \d\d:\d\d:\d\d\.\d{3} 640x360 JPEG, \d+ bytes$/),
    ])
  })
})

test('topics of a format are looked at where their publishers connect to', async () => {
  const endpoint = await freeEndpoint()
  bench.start(['publish', 'video', 'pattern', '--format', 'imagezmq', '--connect', endpoint])
  const echo = ['topic', 'echo', 'video/main', '--count', '2', '--format', 'imagezmq', '--bind', endpoint]
  const { status, stdout } = await bench.run(echo)
  expect(status).toBe(0)
  expect(stdout).toHaveLength(2)
  for (const line of stdout) expect(line).toMatch(/^video\/main #\d+ \S+ 640x360 JPEG, \d+ bytes$/)
})

PYTHON.describe('zcast topic, of a publisher in Python', () => {
  let endpoint = ''
  let publisher: Program | undefined
  const start = async (): Promise<readonly string[]> => {
    endpoint = await freeEndpoint()
    publisher = bench.launch(PYTHON.path as string, [fixture, endpoint])
    return ['--connect', endpoint]
  }
  afterEach(() => publisher?.stop('SIGKILL'))

  test('list tells formats by their shape', async () => {
    const connect = await start()
    const { status, stdout } = await bench.run(['topic', 'list', '--json', ...connect])
    expect(status).toBe(0)
    const found = Object.fromEntries(
      parseAll(stdout).map(({ topic, format, epoch }) => [topic, { format, epoch }]),
    )
    expect(found).toEqual({
      '10001': { format: 'text', epoch: null },
      blob: { format: 'raw', epoch: null },
      imu: { format: 'msgpack', epoch: null },
      'numbers/py': { format: 'zcast', epoch: 7 },
      object: { format: 'pickle', epoch: null },
      temp: { format: 'json', epoch: null },
    })
  })

  test('hz knows the rate at which values were made, their jitter and their gaps, however they arrive', async () => {
    const connect = await start()
    const { stdout } = await bench.run(['topic', 'hz', 'numbers/py', '--json', '--for', '3s', ...connect])
    const { time, received, lost } = parse(stdout.at(-1) as string) as {
      time: Record<string, number>
      received: number
      lost: number
    }
    expect(time['rate']).toBeCloseTo(100, 0)
    // 14 and 6 ms in turn.
    expect(time['min']).toBeCloseTo(6, 1)
    expect(time['max']).toBeCloseTo(14, 1)
    expect(time['deviation']).toBeCloseTo(4, 1)
    expect(Math.abs(lost - received / 9)).toBeLessThanOrEqual(2)
  })

  test('hz of another format says that it cannot know what was lost', async () => {
    const connect = await start()
    const { stdout, stderr } = await bench.run([
      'topic',
      'hz',
      'temp',
      '--json',
      '--for',
      '2500ms',
      ...connect,
    ])
    expect(parse(stdout.at(-1) as string)).toMatchObject({
      type: 'hz',
      topic: 'temp',
      lost: null,
      time: null,
    })
    expect(stderr.at(-1)).toMatch(/^temp: .*, lost unknown$/)
  })

  test('bw and top count every topic', async () => {
    const connect = await start()
    const topics = ['10001', 'blob', 'imu', 'numbers/py', 'object', 'temp']
    const bw = await bench.run(['topic', 'bw', '--json', '--for', '2500ms', ...connect])
    expect(new Set(parseAll(bw.stdout).map(({ topic }) => topic))).toEqual(new Set(topics))
    const blob = parseAll(bw.stdout).find(({ topic }) => topic === 'blob')
    expect(blob).toMatchObject({ type: 'bw', mean: 28, min: 28, max: 28 })
    const top = await bench.run(['topic', 'top', '--sort', 'topic', '--for', '1500ms', ...connect])
    expect(top.stdout[0]).toMatch(/^TOPIC +KIND +RATE\/s +BYTES\/s/)
    expect(top.stdout.slice(1, 7).map((line) => line.split(' ')[0])).toEqual(topics)
  })

  test('delay says that clocks differ, where it can, and that it does not know by how much', async () => {
    const connect = await start()
    const { stdout, stderr } = await bench.run(['topic', 'delay', '--json', '--for', '2500ms', ...connect])
    expect(parse(stdout.at(-1) as string)).toMatchObject({
      topic: 'numbers/py',
      offset: null,
      clocksDiffer: true,
    })
    expect(stderr.at(-1)).toMatch(/^numbers\/py: delay .*, clock of the publisher unknown, clocks differ/)
  })

  test('echo prints what meets a filter, and only the fields that are asked for', async () => {
    const connect = await start()
    const filter = ['--filter', "temp >= 30 and state == 'on'"]
    const fields = ['--field', 'temp', '--field', 'gps.lat']
    const { status, stdout } = await bench.run([
      'topic',
      'echo',
      'temp',
      '--count',
      5,
      ...filter,
      ...fields,
      ...connect,
    ])
    expect(status).toBe(0)
    expect(stdout).toHaveLength(5)
    for (const line of stdout) expect(line).toMatch(/^3\d\t1\.5$/)
  })

  test('echo prints numbers with their names, and JSON for programs', async () => {
    const connect = await start()
    const text = await bench.run(['topic', 'echo', 'numbers/py', '--once', ...connect])
    expect(text.stdout).toEqual([expect.stringMatching(/^numbers\/py #\d+ \S+ n=\d+ level=-1\.5$/)])
    const json = await bench.run(['topic', 'echo', 'numbers/py', '--once', '--json', ...connect])
    expect(parse(json.stdout[0] as string)).toMatchObject({
      topic: 'numbers/py',
      epoch: 7,
      names: ['n', 'level'],
      values: [expect.any(Number), -1.5],
    })
  })

  test('echo shows a pickle without reading it, and bytes as they are', async () => {
    const connect = await start()
    const pickle = await bench.run(['topic', 'echo', 'object', '--once', ...connect])
    expect(pickle.stdout).toEqual([
      expect.stringMatching(/^object a Python pickle, protocol \d, \d+ bytes \(not read: /),
    ])
    const blob = await bench.run(['topic', 'echo', 'blob', '--once', ...connect])
    expect(blob.stdout).toEqual([expect.stringMatching(/^blob 24 bytes: 9c7500883ce4377e/)])
  })

  test('echo warns of a field that is not there, and names those that are', async () => {
    const connect = await start()
    const { status, stderr } = await bench.run([
      'topic',
      'echo',
      'temp',
      '--filter',
      'tmep > 1',
      '--for',
      '1500ms',
      ...connect,
    ])
    expect(status).toBe(1)
    expect(stderr.join('\n')).toMatch(/topic: warning: temp has no field "tmep": it has temp, gps, state/)
    expect(stderr.at(-1)).toMatch(/^zcast: none of \d+ values meets the filter$/)
  })

  test('a topic that nobody sends is said to be missing, with what to do', async () => {
    const connect = await start()
    const { status, stderr } = await bench.run(['topic', 'hz', 'nothing', '--for', '1500ms', ...connect])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toMatch(
      /^zcast: nothing did not come from tcp:\S+, which is connected: see what it sends with "zcast topic list"$/,
    )
  })
})

test('nobody at an endpoint is said in one sentence, with status 1', async () => {
  const endpoint = await freeEndpoint()
  const { status, stdout, stderr } = await bench.run(['topic', 'list', '--connect', endpoint])
  expect({ status, stdout }).toEqual({ status: 1, stdout: [] })
  expect(stderr).toEqual([
    `zcast: nobody answered at ${endpoint}: start a publisher, or name its endpoint with --connect`,
  ])
})

const noPty = whyNoPty()
if (noPty !== undefined) console.log(`skipped: ${noPty}`)
const ptyTest = noPty === undefined ? test : test.skip

ptyTest('top is a live table in a terminal, which q ends, and whose last state stays', async () => {
  const { connect } = await publish()
  const command = [process.execPath, ZCAST, 'topic', 'top', ...connect, '--log-dir', bench.logFolder]
  const terminal = new Pty({ columns: 140, rows: 24 }, command, { TERM: 'xterm-256color' })
  try {
    await terminal.shows((emulator) => /video\/main +video +\d/.test(emulator.text))
    terminal.type('q')
    expect(await terminal.exited).toMatchObject({ code: 0, restored: true })
  } finally {
    await terminal.close()
  }
})
