import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { writeNewKeys } from '@zcast/shared'
import { publishedAt, useWorkbench, sentenceOf } from '../support/zcast.ts'
import { findPython } from '@zcast/testing/machine/python'

const PYTHON = findPython('zmq, msgpack')

const bench = useWorkbench()
const keysDir = (): string => bench.path('keys')
const keyFile = (name: string): string => bench.path(`keys/${name}.key`)
const secretFile = (name: string): string => bench.path(`keys/${name}.key_secret`)
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

const readKey = (path: string, which: 'public' | 'secret'): string =>
  new RegExp(`${which}-key = "(.+)"`).exec(readFileSync(path, 'utf8'))?.[1] as string

/** Keys as "zcast keys new" makes them, which tests of its own prove. */
async function makeKeys(...names: string[]): Promise<void> {
  for (const name of names) await writeNewKeys(keysDir(), name)
}

const NUMBERS = ['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*', '--interval', '10ms'] as const

/** A publisher of numbers with keys. */
function publishSecured(allow: string, ...more: string[]): Program {
  return bench.start([...NUMBERS, '--curve', 'server', '--allow', allow, '--keys-dir', keysDir(), ...more])
}

/** What a client needs to know of keys. */
const as = (name: string, serverKey = keyFile('server')): string[] => [
  '--curve',
  name,
  '--server-key',
  serverKey,
  '--keys-dir',
  keysDir(),
]

const client = (endpoint: string, ...more: string[]): Program =>
  bench.start(['client', 3, '--json', '--connect', endpoint, ...more])

const count = (lines: readonly string[], pattern: RegExp): number =>
  lines.filter((line) => pattern.test(line)).length

describe('zcast keys', () => {
  test('makes keys, the secret one for its owner alone, and lists them', async () => {
    const made = await bench.run(['keys', 'new', 'lab', '--keys-dir', keysDir()])
    expect(made).toMatchObject({ status: 0, stderr: [] })
    expect((await stat(secretFile('lab'))).mode & 0o777).toBe(0o600)
    const publicKey = readKey(keyFile('lab'), 'public')
    const listed = await bench.run(['keys', 'list', '--keys-dir', keysDir()])
    expect(listed).toMatchObject({ status: 0, stderr: [], stdout: [`lab  ${publicKey} secret`] })
    await rm(secretFile('lab'))
    const json = await bench.run(['keys', 'list', '--json', '--keys-dir', keysDir()])
    expect(JSON.parse(json.stdout.join(''))).toEqual([
      { name: 'lab', publicKey, secret: false, exposed: false },
    ])
    expect(existsSync(bench.logFolder)).toBe(false)
  })

  test.each([
    ['lab', /^zcast: there are keys named "lab" in ".*keys" already, and keys are never overwritten: /],
    ['../lab', /^zcast: the key name "\.\.\/lab" must be 1 to 64 of A-Z a-z 0-9 \. _ - and not begin /],
    ['lab.key', /^zcast: the key name "lab\.key" must not end in \.key, which is reserved for key files$/],
  ])('makes no keys named "%s" beside others of the name "lab"', async (name, sentence) => {
    await makeKeys('lab')
    const before = readFileSync(secretFile('lab'))
    const { status, stdout, stderr } = await bench.run(['keys', 'new', name, '--keys-dir', keysDir()])
    expect(stderr).toEqual([expect.stringMatching(sentence)])
    expect({ status, stdout }).toEqual({ status: 2, stdout: [] })
    expect(readFileSync(secretFile('lab'))).toEqual(before)
  })
})

test('a name may be as long as a key is', async () => {
  const name = 'a'.repeat(40)
  await makeKeys(name)
  const own = ['--curve', name, '--keys-dir', keysDir()]
  const publisher = bench.start([...NUMBERS, '--allow', name, ...own])
  const endpoint = await publishedAt(publisher, 'numbers/random')
  await client(endpoint, '--server-key', name, ...own).stdout.atLeast(1)
})

describe('a publisher with keys', () => {
  beforeEach(() => makeKeys('server', 'lab', 'guest'))

  test('lets in those it allows, and tells the others why not, once and at both ends', async () => {
    const publisher = publishSecured('lab')
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const lab = client(endpoint, ...as('lab'))
    const cases: readonly [Program, RegExp, RegExp][] = [
      [
        client(endpoint, ...as('guest')),
        /refused by the publisher at .*: it does not allow this key/,
        /refused the key "guest" \(.{40}\) from 127\.0\.0\.1 on .*: it is not allowed here/,
      ],
      [
        client(endpoint),
        /refused by the publisher at .*: it requires a key/,
        /refused a client without keys on /,
      ],
      [
        client(endpoint, ...as('lab', keyFile('guest'))),
        /refused by the publisher at .*: its key is not the one given with --server-key/,
        /refused a client with a wrong server key on /,
      ],
    ]
    for (const [refused, atClient, atPublisher] of cases) {
      await refused.stderr.find(atClient)
      await publisher.stderr.find(atPublisher)
    }
    await lab.stdout.atLeast(3)
    // Those who are refused try again and again, which is not worth a word.
    await lab.stdout.atLeast(lab.stdout.all.length + 200)
    for (const [refused, atClient] of cases) {
      const { status, stdout, stderr } = await refused.stop()
      expect(status).toBe(1)
      expect(stdout).toEqual([])
      expect(count(stderr, atClient)).toBe(2)
      expect(stderr.at(-1)).toMatch(new RegExp(`^zcast: ${atClient.source}`))
    }
    expect(await lab.stop()).toMatchObject({ status: 0 })
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    for (const [, , atPublisher] of cases) {
      expect(count(stderr, atPublisher)).toBe(1)
      expect(count(bench.logLines(), atPublisher)).toBe(1)
    }
  })

  test('without any is told from a client with, at both ends', async () => {
    const publisher = bench.start(NUMBERS)
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const refused = client(endpoint, ...as('lab'))
    await refused.stderr.find(/did not connect to the publisher at .*: it has no keys/)
    await publisher.stderr.find(/refused a client with keys on .*: this publisher has none/)
    expect((await refused.stop()).status).toBe(1)
    await publisher.stop()
  })

  test('that connects decides as well', async () => {
    const endpoint = await freeEndpoint()
    const listening = bench.start(['client', 3, '--json', '--bind', endpoint, ...as('guest')])
    const publisher = bench.start([
      'publish',
      'numbers',
      '--connect',
      endpoint,
      '--interval',
      '10ms',
      '--curve',
      'server',
      '--allow',
      'lab,guest',
      '--keys-dir',
      keysDir(),
    ])
    await listening.stdout.atLeast(3)
    await rename(keyFile('guest'), bench.path('guest.away'))
    await publisher.stderr.find(/keys no longer allowed, their clients cut off: guest/)
    await listening.stderr.find(/refused by the publisher at .*: it does not allow this key/)
    await rename(bench.path('guest.away'), keyFile('guest'))
    await listening.stderr.find(/connected again/)
    expect((await listening.stop()).status).toBe(0)
    await publisher.stop()
  })

  test('lets in a key that is added, and cuts off one that is removed; what others miss is counted', async () => {
    await mkdir(bench.path('allowed'))
    const allowed = (name: string): string => bench.path(`allowed/${name}.key`)
    await writeFile(allowed('lab'), readFileSync(keyFile('lab')))
    const publisher = publishSecured(bench.path('allowed'))
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const [lab, guest] = [client(endpoint, ...as('lab')), client(endpoint, ...as('guest'))]
    await guest.stderr.find(/refused by /)
    await lab.stdout.atLeast(1)
    await writeFile(bench.path('guest.key'), readFileSync(keyFile('guest')))
    await rename(bench.path('guest.key'), allowed('guest'))
    await guest.stdout.atLeast(1)
    // What is told a second time is told later: another one is told at once.
    const other = client(endpoint, ...as('guest'))
    await other.stdout.atLeast(1)
    await rm(allowed('guest'))
    await other.stderr.find(/refused by /)
    const sent = guest.stdout.all.length
    await lab.stderr.find(/connected again/)
    await lab.stdout.atLeast(lab.stdout.all.length + 10)
    expect(guest.stdout.all).toHaveLength(sent)
    for (const ended of [guest, other]) expect((await ended.stop()).status).toBe(0)
    const { status, stdout, stderr } = await lab.stop()
    await publisher.stop()
    expect(status).toBe(0)
    const seqs = stdout.map((line) => (JSON.parse(line) as { seq: number }).seq)
    const missed = (seqs.at(-1) as number) - (seqs[0] as number) + 1 - seqs.length
    expect(missed).toBeGreaterThan(0)
    const [, received, lost] = /^received (\d+), lost (\d+), /.exec(stderr.at(-1) as string) ?? []
    expect(Number(lost)).toBe(missed)
    expect(Number(received)).toBeGreaterThanOrEqual(seqs.length)
  })

  test('gives rights by stream', async () => {
    const publisher = bench.start([
      'publish',
      '--numbers-port',
      '0',
      '--video-port',
      '0',
      '--width',
      '160',
      '--interval',
      '10ms',
      '--curve',
      'server',
      '--allow',
      'lab=numbers,guest=video',
      '--keys-dir',
      keysDir(),
    ])
    const numbers = await publishedAt(publisher, 'numbers/random')
    const video = await publishedAt(publisher, 'video/main')
    const viewer = (name: string): Program =>
      bench.start(['viewer', 1, '--show', 'none', '--json', '--connect', video, ...as(name)])
    const [labNumbers, guestNumbers] = [client(numbers, ...as('lab')), client(numbers, ...as('guest'))]
    const [labVideo, guestVideo] = [viewer('lab'), viewer('guest')]
    await labNumbers.stdout.atLeast(1)
    await guestVideo.stdout.find(/"received":[1-9]/)
    for (const refused of [guestNumbers, labVideo]) {
      await refused.stderr.find(/it does not allow this key/)
      expect((await refused.stop()).status).toBe(1)
    }
    for (const ended of [labNumbers, guestVideo]) expect((await ended.stop()).status).toBe(0)
    // A page of both goes on with what it may show.
    const page = (name: string): Program =>
      bench.start(['dashboard', '--json', '--port', 0, '--numbers', numbers, '--video', video, ...as(name)])
    const dashboard = page('guest')
    await dashboard.stderr.find(/refused by the publisher at .*: it does not allow this key/)
    await dashboard.stderr.find(/connected: video\//)
    expect((await dashboard.stop()).status).toBe(0)
    // One that may show neither has failed, although it was not refused the sound that nobody sends.
    const stranger = page('server')
    for (const kind of ['numbers', 'video'])
      await stranger.stdout.find(new RegExp(`"topic":"${kind}/".*"state":"denied"`))
    expect((await stranger.stop()).status).toBe(1)
    await publisher.stop()
  })

  test('takes its options from the environment and the configuration file', async () => {
    const path = bench.path('zcast.json')
    const text = { 'keys-dir': keysDir(), publish: { curve: 'server', allow: ['lab', 'guest=numbers'] } }
    await writeFile(path, JSON.stringify({ ...text, client: { curve: 'lab' } }))
    const publisher = bench.start([...NUMBERS, '--config', path])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const lab = bench.start(['client', 3, '--config', path, '--connect', endpoint], {
      env: { ZCAST_SERVER_KEY: 'server' },
    })
    await lab.stdout.atLeast(2)
    await lab.stop()
    await publisher.stop()
  })

  test('and its clients never show a secret key', async () => {
    const secrets = ['server', 'lab', 'guest'].map((name) => readKey(secretFile(name), 'secret'))
    await chmod(secretFile('lab'), 0o644)
    const publisher = publishSecured('lab', '--verbose')
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const programs = [
      publisher,
      client(endpoint, '--verbose', ...as('lab')),
      client(endpoint, '--verbose', ...as('guest')),
    ]
    const [, lab, guest] = programs as [Program, Program, Program]
    await lab.stderr.find(/warning: others can read the secret key in ".*lab\.key_secret": run chmod 600/)
    await lab.stdout.atLeast(1)
    await guest.stderr.find(/refused by /)
    const shown: string[] = []
    for (const { pid } of programs) {
      for (const name of ['cmdline', 'environ']) {
        const path = `/proc/${pid}/${name}`
        if (existsSync(path)) shown.push(readFileSync(path, 'utf8'))
      }
    }
    for (const program of programs.toReversed()) {
      const { stdout, stderr } = await program.stop()
      shown.push(...stdout, ...stderr)
    }
    shown.push(...bench.logLines())
    for (const secret of secrets) expect(shown.filter((text) => text.includes(secret))).toEqual([])
  })
})

describe('options of keys that are wrong', () => {
  beforeEach(() => makeKeys('lab'))

  test.each<[string, () => string[], RegExp]>([
    [
      'keys that are not there',
      () => [...NUMBERS, '--curve', 'nobody', '--allow', 'lab'],
      /^there is no key file ".*nobody\.key_secret": /,
    ],
    [
      'a key itself',
      () => [...NUMBERS, '--curve', readKey(secretFile('lab'), 'secret')],
      /^curve must be the name of keys or of their file, never a key/,
    ],
  ])('are refused before anything opens, and repeat no secret: %s', async (_, args, sentence) => {
    const { status, stdout, stderr } = await bench.run([...args(), '--keys-dir', keysDir()])
    expect(stderr).toEqual([expect.stringMatching(/^zcast: /)])
    expect(sentenceOf(stderr[0])).toMatch(sentence)
    expect(stderr[0]).not.toContain(readKey(secretFile('lab'), 'secret'))
    expect(stdout).toEqual([])
    expect(status).toBe(2)
    expect(existsSync(bench.logFolder)).toBe(false)
  })
})

describe('an endpoint that others can reach', () => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address
  const WARNING =
    /warning: tcp:\/\/\S+ is open to the network: everybody who reaches it can (watch|send), and nothing is encrypted; .*--curve and /

  test.each(['tcp://0.0.0.0:*', 'tcp://*:*', ...(own === undefined ? [] : [`tcp://${own}:*`])])(
    'is warned of, with the remedy, at either end: %s',
    async (endpoint) => {
      const publisher = await bench.run(['publish', 'numbers', '--bind', endpoint, '--for', '50ms'])
      expect(count(publisher.stderr, WARNING)).toBe(1)
      const receiver = await bench.run(['client', 3, '--bind', endpoint, '--for', '50ms'])
      expect(count(receiver.stderr, WARNING)).toBe(1)
      expect(count(bench.logLines(), /is open to the network/)).toBe(2)
    },
  )

  test('is not warned of where there are keys, or nobody else reaches it', async () => {
    await makeKeys('server', 'lab')
    const keys = ['--curve', 'server', '--allow', 'lab', '--keys-dir', keysDir()]
    const endings = [
      await bench.run(['publish', 'numbers', '--bind', 'tcp://0.0.0.0:*', '--for', '50ms', ...keys]),
      await bench.run(['client', 3, '--bind', 'tcp://0.0.0.0:*', '--for', '50ms', ...as('lab')]),
      await bench.run(['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*', '--for', '50ms']),
      await bench.run(['client', 3, '--bind', `ipc://${bench.path('socket')}`, '--for', '50ms']),
    ]
    for (const { status, stderr } of endings) {
      expect(status).toBe(0)
      expect(count(stderr, WARNING)).toBe(0)
    }
  })
})

PYTHON.describe('keys and PyZMQ', () => {
  const python = (...args: string[]): Program => bench.launch(PYTHON.path as string, args)

  beforeEach(() => makeKeys('server', 'lab', 'guest'))

  test('a publisher here lets in a subscriber there, and refuses another', async () => {
    const publisher = publishSecured('lab')
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const [lab, guest] = ['lab', 'guest'].map((name) =>
      python(fixture('curve_subscriber.py'), endpoint, secretFile(name), keyFile('server')),
    ) as [Program, Program]
    await lab.stdout.find(/^numbers\/random \d+$/)
    await publisher.stderr.find(/refused the key "guest"/)
    expect(guest.stdout.all).toEqual([])
    for (const program of [lab, guest]) await program.stop('SIGKILL')
    await publisher.stop()
  })

  test('a publisher there lets in a client here, and refuses another, which says so', async () => {
    await mkdir(bench.path('allowed'))
    await writeFile(bench.path('allowed/lab.key'), readFileSync(keyFile('lab')))
    const endpoint = `ipc://${bench.path('socket')}`
    const publisher = python(
      fixture('curve_publisher.py'),
      endpoint,
      secretFile('server'),
      bench.path('allowed'),
    )
    const [lab, guest] = [client(endpoint, ...as('lab')), client(endpoint, ...as('guest'))]
    await lab.stdout.atLeast(3)
    await guest.stderr.find(/refused by the publisher at .*: it does not allow this key/)
    expect((await guest.stop()).status).toBe(1)
    expect((await lab.stop()).status).toBe(0)
    await publisher.stop('SIGKILL')
  })
})
