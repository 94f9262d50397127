import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Recorder } from '@zcast/recording'
import { COMMANDS } from '../../src/command-table.ts'
import { freeDemoPorts } from '../support/demo-ports.ts'
import { refusal } from '../support/refusal.ts'
import { Program, type Ending } from '../support/program.ts'
import { publishedAt, SUMMARY, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()

/** What runs meanwhile, for commands that receive. */
interface Surroundings {
  readonly numbers: string
  readonly video: string
  readonly audio: string
  /** A room, where somebody says something all the time. */
  readonly room: string
  /** A port that another program listens on. */
  readonly takenPort: number
}

/** What the help of a command promises. */
interface Promised {
  readonly title: string
  readonly args: (
    around: Surroundings,
  ) => readonly (string | number)[] | Promise<readonly (string | number)[]>
  /** Has `--for`; others refuse it. */
  readonly for?: boolean
  /** Has `--messages`; others refuse it. */
  readonly messages?: boolean
  /** What a JSON line on standard output holds at least. */
  readonly json: object
  /** Lines on standard output with `--quiet`. */
  readonly quiet: RegExp | 'nothing'
  /** Lines on standard error with `--quiet`. */
  readonly summary: RegExp | 'nothing'
  /** Its status is 1 where it finds something wrong with the machine, which may be busy. */
  readonly findsProblems?: boolean
  /** Arguments with which it cannot do its work. */
  readonly failure?: (around: Surroundings) => readonly (string | number)[]
}

let recordings = 0

async function emptyRecording(): Promise<string> {
  const path = bench.path(`${recordings++}.mcap`)
  const recorder = new Recorder({ path })
  await recorder.open()
  await recorder.close()
  return path
}

async function smallRecording(): Promise<string> {
  const path = bench.path(`${recordings++}.mcap`)
  const recorder = new Recorder({ path })
  await recorder.open()
  const block = { kind: 'numbers', seq: 0, time: 1, rows: 1, columns: 1, data: Float64Array.of(1) } as const
  await recorder.write({ topic: 'numbers/a', epoch: 1, block })
  await recorder.close()
  return path
}

const SENT = /^(numbers|video)\/\S+: sent \d+, dropped \d+/
const ANY = expect.anything()
const ANY_OR_NULL = expect.not.stringContaining('')

const TABLE: readonly Promised[] = [
  {
    title: 'publish',
    args: () => ['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*', '--interval', '10ms', '--always'],
    for: true,
    messages: true,
    json: { type: expect.stringMatching(/^(stats|summary)$/), topic: 'numbers/random', sent: ANY },
    quiet: 'nothing',
    summary: SENT,
    failure: ({ takenPort }) => ['publish', 'numbers', '--bind', `tcp://127.0.0.1:${takenPort}`],
  },
  {
    title: 'client',
    args: ({ numbers }) => ['client', 3, '--connect', numbers],
    for: true,
    messages: true,
    json: { topic: 'numbers/random', values: ANY },
    quiet: 'nothing',
    summary: SUMMARY,
    failure: ({ takenPort }) => ['client', 3, '--bind', `tcp://127.0.0.1:${takenPort}`],
  },
  {
    title: 'viewer',
    args: ({ video }) => ['viewer', 1, '--port', 0, '--connect', video],
    for: true,
    messages: true,
    json: { type: expect.stringMatching(/^(stats|summary)$/), topic: 'video/main' },
    quiet: 'nothing',
    summary: SUMMARY,
    failure: ({ takenPort }) => ['viewer', 1, '--port', takenPort],
  },
  {
    title: 'viewer --snapshot',
    args: ({ video }) => ['viewer', 1, '--connect', video, '--snapshot', bench.path('now.jpg')],
    for: true,
    messages: true,
    json: { type: 'snapshot', path: expect.stringMatching(/now\.jpg$/) },
    quiet: 'nothing',
    summary: SUMMARY,
    failure: ({ video }) => ['viewer', 1, '--connect', video, '--snapshot', bench.folder],
  },
  {
    title: 'listener',
    args: ({ audio }) => ['listener', 1, '--show', 'none', '--connect', audio],
    for: true,
    messages: true,
    json: { type: expect.stringMatching(/^(level|stats|summary)$/), topic: 'audio/main' },
    quiet: 'nothing',
    summary: SUMMARY,
    failure: ({ audio }) => ['listener', 1, '--connect', audio, '--save', '/dev/null/x.wav'],
  },
  {
    title: 'dashboard',
    args: ({ numbers, video }) => ['dashboard', '--port', 0, '--numbers', numbers, '--video', video],
    for: true,
    json: {
      type: expect.stringMatching(/^(stats|summary)$/),
      topic: expect.stringMatching(/^(numbers|video)\/$/),
    },
    quiet: 'nothing',
    summary: /^(numbers|video)\/ received \d+, lost \d+/,
    failure: ({ takenPort }) => ['dashboard', '--port', takenPort],
  },
  {
    title: 'topic list',
    args: ({ numbers, video }) => ['topic', 'list', '--connect', numbers, '--connect', video],
    for: true,
    json: { type: 'topic', topic: ANY, format: 'zcast', rate: ANY },
    quiet: /^(TOPIC|numbers\/|video)/,
    summary: 'nothing',
  },
  {
    title: 'topic info',
    args: ({ numbers }) => ['topic', 'info', '--connect', numbers],
    for: true,
    json: { type: 'info', topic: 'numbers/random', received: ANY, first: ANY, last: ANY },
    quiet: /^(numbers\/random$| {2}\w+: )/,
    summary: 'nothing',
  },
  {
    title: 'topic echo',
    args: ({ numbers }) => ['topic', 'echo', '--connect', numbers, '--count', 2],
    for: true,
    json: { topic: 'numbers/random', seq: ANY, values: ANY },
    quiet: 'nothing',
    summary: /^printed 2 of \d+ values$/,
  },
  ...['hz', 'bw', 'delay', 'top'].map((verb): Promised => ({
    title: `topic ${verb}`,
    args: ({ numbers, video }) => ['topic', verb, '--connect', numbers, '--connect', video],
    for: true,
    json: {
      type: verb,
      topic: expect.stringMatching(/^(numbers\/random|video\/main)$/),
      // Of a second in which nothing came there is none.
      mean: ANY_OR_NULL,
      p99: ANY_OR_NULL,
    },
    quiet: 'nothing',
    summary: /^(numbers\/random|video\/main): /,
  })),
  {
    title: 'foxglove',
    args: ({ numbers, video }) => ['foxglove', '--port', 0, '--connect', numbers, '--connect', video],
    for: true,
    json: { type: 'foxglove', address: expect.stringMatching(/^ws:/) },
    quiet: 'nothing',
    summary: /^sent 0 messages to 0 clients, left out 0$/,
    failure: ({ takenPort }) => ['foxglove', '--port', takenPort],
  },
  {
    title: 'doctor',
    args: ({ numbers, video }) => ['doctor', '--connect', numbers, '--connect', video],
    json: { type: 'finding', code: ANY, level: ANY, sentence: ANY, measurement: ANY },
    quiet: /^(warning|problem) /,
    summary: 'nothing',
    findsProblems: true,
  },
  {
    title: 'record',
    args: ({ numbers, video }) => {
      const file = bench.path(`${recordings++}.mcap`)
      return ['record', file, '--connect', numbers, '--connect', video]
    },
    for: true,
    messages: true,
    json: { type: expect.stringMatching(/^(progress|summary)$/), recorded: ANY, bytes: ANY, lost: ANY },
    quiet: 'nothing',
    summary: /\.mcap: \d+ s, \d topics?, \d+ values, .*, lost \d+$/,
    failure: ({ numbers }) => ['record', '/dev/null/x.mcap', '--connect', numbers],
  },
  {
    title: 'play',
    args: async () => ['play', await smallRecording(), '--bind', 'tcp://127.0.0.1:*'],
    for: true,
    json: {
      type: expect.stringMatching(/^(progress|summary)$/),
      position: ANY,
      seconds: 0,
      speed: 1,
      sent: 0,
    },
    quiet: 'nothing',
    summary: /\.mcap: 0:00\.0 of 0:00\.0 at 1x, 1 topic, sent 0, dropped 0$/,
    failure: () => ['play', '/dev/null/x.mcap'],
  },
  {
    title: 'info',
    args: async () => ['info', await emptyRecording()],
    json: { type: 'info', isWhole: true, topics: [], gaps: [] },
    quiet: /^\S+: \d+ B, empty, whole by its index$/,
    summary: 'nothing',
    failure: () => ['info', '/dev/null/x.mcap'],
  },
  {
    title: 'export',
    args: async () => {
      const file = bench.path(`${recordings++}.csv`)
      return ['export', await smallRecording(), '--csv', 'numbers/a', '-o', file]
    },
    json: { type: 'export', topic: 'numbers/a', path: ANY, values: 1 },
    quiet: 'nothing',
    summary: /^wrote 1 value of numbers\/a to \S+\.csv$/,
    failure: () => ['export', '/dev/null/x.mcap', '--csv', 'numbers/a'],
  },
  {
    title: 'recover',
    args: async () => ['recover', await emptyRecording()],
    json: { type: 'recovered', path: null },
    quiet: 'nothing',
    summary: 'nothing',
    failure: () => ['recover', '/dev/null/x.mcap'],
  },
  {
    title: 'relay',
    args: ({ numbers }) => ['relay', '--connect', numbers, '--bind', 'tcp://127.0.0.1:*'],
    for: true,
    json: { type: expect.stringMatching(/^(progress|summary)$/), received: ANY, lost: ANY, sent: ANY },
    quiet: 'nothing',
    summary: /^received \d+, lost \d+, sent \d+/,
    failure: ({ numbers, takenPort }) => [
      'relay',
      '--connect',
      numbers,
      '--bind',
      `tcp://127.0.0.1:${takenPort}`,
    ],
  },
  {
    title: 'room',
    args: () => ['room', '--port', 0, '--bind', 'tcp://127.0.0.1:*', '--data', bench.path('room')],
    for: true,
    json: { type: 'room', address: expect.stringMatching(/^http:/), endpoints: [ANY] },
    quiet: 'nothing',
    summary: /^0 guests came$/,
    failure: ({ takenPort }) => ['room', '--port', takenPort, '--bind', 'tcp://127.0.0.1:*'],
  },
  {
    title: 'chat',
    args: ({ room }) => ['chat', '--name', 'ann', '--connect', room],
    for: true,
    messages: true,
    json: { type: expect.stringMatching(/^(joined|chat)$/) },
    quiet: /^\d\d:\d\d ben: hello$/,
    summary: /^heard \d+, said 0, not said 0$/,
    failure: () => ['chat', '--connect', 'http://127.0.0.1:1'],
  },
  {
    title: 'keys list',
    args: () => ['keys', 'list', '--keys-dir', bench.folder],
    json: [],
    quiet: 'nothing',
    summary: 'nothing',
  },
  {
    title: 'keys new',
    args: () => ['keys', 'new', 'lab', '--keys-dir', bench.path('keys')],
    json: { name: 'lab', publicKey: ANY, publicPath: ANY, secretPath: ANY },
    quiet: 'nothing',
    summary: 'nothing',
  },
  {
    title: 'devices',
    args: () => ['devices'],
    json: expect.any(Array),
    quiet: /^(camera|screen|mic)/,
    summary: 'nothing',
  },
  {
    title: 'logs',
    args: async () => {
      await mkdir(bench.logFolder, { recursive: true })
      const line = '5080 - 2026-08-04T17:47:01.977+02:00 - ERROR - publisher: it broke\n'
      await writeFile(join(bench.logFolder, 'errors.log'), line)
      return ['logs', '--follow']
    },
    for: true,
    json: {
      pid: 5080,
      time: '2026-08-04T15:47:01.977Z',
      level: 'error',
      role: 'publisher',
      message: 'it broke',
    },
    quiet: /^5080 - .* - publisher: it broke$/,
    summary: 'nothing',
  },
  {
    title: 'demo',
    args: async () => ['demo', ...(await freeDemoPorts()).args],
    for: true,
    json: expect.arrayContaining([expect.objectContaining({ name: 'publisher', sent: ANY })]),
    quiet: /^$|^(process|publisher|dashboard|room|client \d|viewer \d) /,
    summary:
      /^(publisher|dashboard|room|client \d|viewer \d) +(numbers\/\S* |video\/\S* )?(sent|received|\S+: sent|0 guests) /,
    failure: ({ takenPort }) => ['demo', '--port', takenPort],
  },
  {
    title: 'completion',
    args: () => ['completion', 'bash'],
    json: { shell: 'bash', script: expect.stringMatching(/complete -F/) },
    quiet: /(?:)/,
    summary: 'nothing',
  },
]

let folder = ''
let publisher: Program
let sounds: Program
let room: Program
let talker: Program
let taken: Server
let around: Surroundings

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-promises-'))
  const ports = ['--numbers-port', '0', '--video-port', '0', '--interval', '10ms', '--log-dir', folder]
  publisher = new Program(process.execPath, [ZCAST, 'publish', '--width', '160', ...ports])
  const numbers = await publishedAt(publisher, 'numbers/random')
  const video = await publishedAt(publisher, 'video/main')
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen({ port: 0, host: '127.0.0.1' }, resolve))
  sounds = new Program(process.execPath, [
    ZCAST,
    'publish',
    'audio',
    '--audio-port',
    '0',
    '--log-dir',
    folder,
  ])
  const audio = await publishedAt(sounds, 'audio/main')
  const own = ['--bind', 'tcp://127.0.0.1:*', '--data', join(folder, 'room'), '--log-dir', folder]
  room = new Program(process.execPath, [ZCAST, 'room', '--port', '0', ...own])
  const [, address = ''] = await room.stdout.find(/^watch at (\S+)$/)
  talker = new Program(process.execPath, [
    ZCAST,
    'chat',
    '--name',
    'ben',
    '--connect',
    address,
    '--log-dir',
    folder,
  ])
  talker.write('hello\n'.repeat(1000))
  around = { numbers, video, audio, room: address, takenPort: (taken.address() as AddressInfo).port }
})
afterAll(async () => {
  await publisher.stop()
  await sounds.stop()
  await talker.stop()
  await room.stop()
  await new Promise((resolve) => taken.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

async function run(promised: Promised, ...options: readonly (string | number)[]): Promise<Ending> {
  const args = await promised.args(around)
  const ending = promised.for && !options.includes('--messages') ? ['--for', '1200ms'] : []
  return bench.run([...args, ...ending, ...options])
}

function expectEach(lines: readonly string[], expected: RegExp | 'nothing'): void {
  if (expected === 'nothing') expect(lines).toEqual([])
  else for (const line of lines) expect(line).toMatch(expected)
}

test('every command is in the table', () => {
  const named = new Set(TABLE.map(({ title }) => title.split(' ')[0]))
  expect(named).toEqual(new Set(COMMANDS.map(({ name }) => name)))
})

describe.each(TABLE.map((row) => [row.title, row] as const))('zcast %s', (_, promised) => {
  test('prints JSON and nothing else on standard output with --json, and ends by --for where it has that', async () => {
    const { status, stdout, stderr } = await run(promised, '--json')
    expect({ status, stderr, isSilent: stdout.length === 0 }).toMatchObject({
      status: promised.findsProblems ? expect.any(Number) : 0,
      isSilent: false,
    })
    for (const line of stdout)
      expect({ line: JSON.parse(line) as unknown }).toMatchObject({ line: promised.json })
  })

  test('prints only what was asked for, or only the summary, with --quiet, and ends by --messages', async () => {
    const ending = promised.messages ? ['--messages', 2] : []
    const { status, stdout, stderr } = await run(promised, '--quiet', ...ending)
    expect({ status, stderr }).toMatchObject({ status: promised.findsProblems ? expect.any(Number) : 0 })
    expectEach(stdout, promised.quiet)
    expectEach(stderr, promised.summary)
  })

  test('refuses what it does not have', async () => {
    const args = (await promised.args(around)).map(String)
    const unknown = ['bogus', ...(promised.for ? [] : ['for']), ...(promised.messages ? [] : ['messages'])]
    for (const name of unknown)
      expect(await refusal([...args, `--${name}=1s`])).toMatch(
        new RegExp(`^unknown argument: ${name}(; did you mean .*)?$`),
      )
  })
})

const FAILING = TABLE.flatMap(({ title, failure }) => (failure ? [[title, failure] as const] : []))

test.each(FAILING)(
  'zcast %s that cannot do its work fails with status 1 and says why on standard error only',
  async (_, failure) => {
    const { status, stdout, stderr } = await bench.run(failure(around))
    expect({ status, stdout }).toEqual({ status: 1, stdout: [] })
    expect(stderr.filter((line) => line.startsWith('zcast: '))).toHaveLength(1)
  },
)
