import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { LOG_LINE, useWorkbench, ZCAST, sentenceOf } from '../support/zcast.ts'

const bench = useWorkbench()

/** Command lines that are wrong in themselves, one for each part that judges them, and the sentence that says so. */
const USAGE: readonly [string, RegExp][] = [
  ['', /^name a command; "zcast --help" lists them$/],
  ['clinet 1', /^unknown command: clinet; did you mean "client"\?$/],
  ['client 1 --bogus', /^unknown argument: bogus$/],
  ['client 4', /^there is no client "4": choose 1 \(even\), 2 \(odd\) or 3 \(all\)$/],
  ['client 1 --connect nowhere', /^"nowhere" is not an endpoint: write tcp:\/\/HOST:PORT /],
  ['client 1 --topic not,a,topic', /^"not,a,topic" is not a topic: write KIND\/STREAM such as /],
  ['client 1 --for -1s', /^for must be a duration such as 250ms, 1s, 2m, 1h or 0 .*, got "-1s"$/],
  ['client 1 --log-size 5', /^log-size must be 1K to 1T, got "5"$/],
  ['viewer 0', /^number must be a whole number from 1 to 999, got 0$/],
  ['demo --numbers-port 5000 --video-port 5000', /\b5000\b/],
]

describe('a command line that is wrong', () => {
  test.each(USAGE)('is refused with one sentence and exit status 2: zcast %s', async (line, sentence) => {
    const args = line === '' ? [] : line.split(' ')
    const program = bench.launch(process.execPath, [ZCAST, ...args], {
      env: { ZCAST_LOG_DIR: bench.logFolder },
    })
    const { status, stdout, stderr } = await program.ended
    expect(stdout).toEqual([])
    expect(stderr).toEqual([expect.stringMatching(/^zcast: /)])
    expect(sentenceOf(stderr[0])).toMatch(sentence)
    expect(status).toBe(2)
    // Nothing was opened, the log included.
    expect(existsSync(bench.logFolder)).toBe(false)
  })
})

test('a configuration file that is wrong is refused with one sentence and exit status 2', async () => {
  const path = bench.path('zcast.json')
  await writeFile(path, '{"publish": {"cuont": 3}}')
  const { status, stderr } = await bench.run(['publish', 'numbers', '--config', path])
  expect(stderr).toEqual([expect.stringMatching(/^zcast: .*unknown option "cuont".*did you mean "count"\?$/)])
  expect(status).toBe(2)
})

describe('what turns out to be wrong when a command starts', () => {
  let taken: Server
  let takenPort = 0

  beforeAll(async () => {
    taken = createServer()
    await new Promise<void>((resolve) => taken.listen({ port: 0, host: '127.0.0.1' }, resolve))
    takenPort = (taken.address() as AddressInfo).port
  })
  afterAll(() => new Promise((resolve) => taken.close(resolve)))
  beforeEach(async () => {
    await mkdir(bench.path('folder'))
    await writeFile(bench.path('text.mp4'), 'this is no video\n')
    await writeFile(bench.path('empty.mp4'), '')
    await mkdir(bench.path('photos'))
    for (const name of ['a.HEIC', 'b.bmp']) await writeFile(join(bench.path('photos'), name), 'x')
    await writeFile(bench.path('drawing.png'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  })

  const CASES: readonly [string, () => (string | number)[], string, RegExp][] = [
    [
      'an address that another program listens on',
      () => ['publish', 'numbers', '--bind', `tcp://127.0.0.1:${takenPort}`],
      'publisher',
      /^cannot bind tcp:\/\/127\.0\.0\.1:\d+: address already in use \(EADDRINUSE\)/,
    ],
    [
      'an address that another program listens on, for a client',
      () => ['client', 3, '--bind', `tcp://127.0.0.1:${takenPort}`],
      'client 3',
      /^cannot bind tcp:\/\/127\.0\.0\.1:\d+: address already in use \(EADDRINUSE\)/,
    ],
    [
      "a viewer's port that is taken",
      () => ['viewer', 2, '--port', takenPort],
      'viewer 2',
      /^cannot listen on http:\/\/127\.0\.0\.1:\d+: another program already does; /,
    ],
    [
      'an address of another machine',
      // RFC 5737: in no network.
      () => ['publish', 'numbers', '--bind', 'tcp://192.0.2.1:5556'],
      'publisher',
      /^cannot bind tcp:\/\/192\.0\.2\.1:5556: this machine has no such address/,
    ],
    [
      'a video file that is missing',
      () => ['publish', 'video', bench.path('missing.mp4')],
      'publisher',
      /^there is no file ".*missing\.mp4": check its name/,
    ],
    [
      'a missing video file beside good numbers',
      () => ['publish', '--video', bench.path('missing.mp4'), '--numbers-port', takenPort],
      'publisher',
      /^there is no file ".*missing\.mp4": check its name/,
    ],
    [
      'a file that is no video',
      () => ['publish', 'video', bench.path('text.mp4')],
      'publisher',
      /^cannot read ".*text\.mp4" as a video \(.+\): give another file/,
    ],
    [
      'an empty video file',
      () => ['publish', 'video', bench.path('empty.mp4')],
      'publisher',
      /^cannot read ".*empty\.mp4" as a video \(.+\): give another file/,
    ],
    [
      'a folder without pictures instead of a video file',
      () => ['publish', 'video', bench.path('folder')],
      'publisher',
      /^there are no pictures in ".*folder": give the name of a video file/,
    ],
    [
      'a folder of pictures of other formats',
      () => ['publish', 'video', bench.path('photos')],
      'publisher',
      /^there are no pictures in ".*photos": it holds 1 \.HEIC, 1 \.bmp; JPEG, PNG, WebP and GIF are read/,
    ],
    [
      'a picture that is something else',
      () => ['publish', 'video', bench.path('drawing.png')],
      'publisher',
      /^cannot show ".*drawing\.png": it is SVG: JPEG, PNG, WebP and GIF are read/,
    ],
    [
      'a folder instead of a snapshot file',
      () => ['viewer', 1, '--snapshot', bench.path('folder')],
      'viewer 1',
      /^cannot save a snapshot to .*folder: it is a folder; name a file in it/,
    ],
  ]

  test.each(CASES)(
    '%s: one sentence, exit status 1 and a line in the log',
    async (_, args, role, sentence) => {
      const { status, stdout, stderr } = await bench.run(args())
      const said = stderr.filter((line) => line.startsWith('zcast: '))
      expect(said).toHaveLength(1)
      expect(sentenceOf(said[0])).toMatch(sentence)
      expect(stderr.join('\n')).not.toMatch(/^ +at /m)
      expect(stdout).toEqual([])
      expect(status).toBe(1)
      expect(bench.logLines()).toHaveLength(1)
      const [, , level, who, message] = LOG_LINE.exec(bench.logLines()[0] as string) ?? []
      expect([level, who]).toEqual(['ERROR', role])
      expect(message).toMatch(sentence)
    },
  )

  test('a stack trace comes with --verbose only', async () => {
    const { status, stderr } = await bench.run(['publish', 'video', bench.path('missing.mp4'), '--verbose'])
    expect(status).toBe(1)
    expect(stderr.join('\n')).toMatch(/zcast: SourceError: there is no file ".*missing\.mp4"[^]*\n +at /)
  })

  test.each([
    [
      'viewer 1 --port 0 --token-file',
      /^cannot read the token in \S+: no such file or directory \(ENOENT\)$/,
    ],
    [
      'publish video pattern --trust-cert',
      /^cannot read the certificate "\S+": no such file or directory \(ENOENT\)$/,
    ],
    ['viewer 1 --snapshot', /^cannot save a snapshot to \S+: no such file or directory \(ENOENT\)$/],
    ['viewer 1 --show none --record', /^cannot write \S+: there is no folder "\S+": make it first$/],
  ])('%s with a file in a folder that is missing is told in words', async (options, sentence) => {
    const { stderr } = await bench.run([...options.split(' '), bench.path('nowhere/file.mkv')])
    const said = stderr.filter((line) => line.startsWith('zcast: '))
    expect(said.map(sentenceOf)).toEqual([expect.stringMatching(sentence)])
  })

  test('a log directory that cannot be made: one sentence, exit status 1', async () => {
    const logs = bench.path('text.mp4')
    for (const folder of [logs, `${logs}/below`]) {
      const program = bench.launch(process.execPath, [ZCAST, 'client', '1', '--log-dir', folder])
      const { status, stderr } = await program.ended
      expect(stderr).toEqual([
        `zcast: cannot write the error log in "${folder}": not a directory (ENOTDIR): choose another folder`,
      ])
      expect(status).toBe(1)
    }
  })
})
