import { describe, expect, test } from '@jest/globals'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import { useLongClip } from '../support/clips.ts'
import { freeDemoPorts } from '../support/demo-ports.ts'
import { freeEndpoint, freePort } from '@zcast/testing/network/free-ports'
import {
  allGone,
  catchesHangUp,
  descendantsOf,
  HAS_PROC,
  hasLoaded,
  treeOf,
  untilSeen,
} from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const ANY_PORT = 'tcp://127.0.0.1:*'
const processTest = HAS_PROC ? test : test.skip
const clip = useLongClip()

function startClip(...args: (string | number)[]): Program {
  // A cache that holds nothing: ffmpeg has to run each time.
  return bench.start(['publish', 'video', clip.path, '--always', '--cache', '1', '--bind', ANY_PORT, ...args])
}

const ffmpegsOf = ({ pid }: Program): number[] =>
  treeOf(pid).flatMap((entry) => (entry.name.startsWith('ffmpeg') ? [entry.pid] : []))

describe('SIGTERM while a publisher starts', () => {
  // Before that, in Node's own first moments, the system ends it with signal 15.
  const stages: readonly (readonly [string, (publisher: Program) => Promise<unknown>])[] = [
    ['as soon as it can be caught', ({ pid }) => untilSeen(() => catchesHangUp(pid))],
    ['while it loads ZeroMQ', ({ pid }) => untilSeen(() => hasLoaded(pid, 'zeromq'))],
    ['while it probes its clip', (publisher) => untilSeen(() => ffmpegsOf(publisher).length > 0)],
    [
      'while ffmpeg starts to play',
      async (publisher) => {
        const probes = new Set<number>()
        await untilSeen(() => {
          const running = ffmpegsOf(publisher)
          for (const pid of running) if (probes.size === 0) probes.add(pid)
          return running.some((pid) => probes.size > 0 && !probes.has(pid))
        })
      },
    ],
    ['when it has just said where it publishes', (publisher) => publishedAt(publisher, 'video/main')],
  ]

  describe.each(stages)('%s', (_, reached) => {
    processTest.each([1, 2])('%i times, ends it with status 0, and nothing of it is left', async (times) => {
      const publisher = startClip()
      await reached(publisher)
      const children = descendantsOf(publisher.pid)
      for (let signal = 0; signal < times; signal++) publisher.kill('SIGTERM')
      const { status, signal, stderr } = await publisher.ended
      expect({ status, signal }).toEqual({ status: 0, signal: null })
      for (const line of stderr)
        expect(line).toMatch(/^publisher: publishing |^video\/main: sent \d+, dropped 0, /)
      await allGone(children)
      expect(bench.logLines()).toEqual([])
    })
  })
})

describe('SIGTERM', () => {
  processTest('ends a publisher that waits for a stopped client, and the client afterwards', async () => {
    const publisher = bench.start(['publish', 'numbers', '--interval', '0', '--json', '--bind', ANY_PORT])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const client = bench.start(['client', '1', '--connect', endpoint])
    await client.stdout.atLeast(100)
    client.kill('SIGSTOP')
    // Nothing can be sent any more once every queue is full.
    const sentIn = (line: string | undefined): unknown => (JSON.parse(line ?? '{}') as { sent?: number }).sent
    for (let count = publisher.stdout.all.length + 2; ; count++) {
      const lines = await publisher.stdout.atLeast(count)
      if (sentIn(lines.at(-1)) === sentIn(lines.at(-2))) break
    }
    const { status, stderr } = await publisher.stop('SIGTERM')
    expect({ status, last: stderr.at(-1) }).toEqual({
      status: 0,
      last: expect.stringMatching(/^numbers\/random: sent [1-9]\d*, dropped 0, /),
    })
    client.kill('SIGCONT')
    const end = await client.stop('SIGTERM')
    expect(end.status).toBe(0)
    expect(end.stderr.at(-1)).toMatch(/^received [1-9]\d*, lost 0, skipped 0, invalid 0, /)
  })

  test('ends subscribers that have never had a publisher, and those that have lost theirs', async () => {
    const endpoint = await freeEndpoint()
    const commands = [
      ['client', 3],
      ['viewer', 1, '--port', 0],
      ['viewer', 2, '--show', 'none'],
    ] as const
    for (const hadOne of [false, true]) {
      const publisher = hadOne ? bench.start(['publish', 'numbers', '--bind', endpoint]) : undefined
      if (publisher) await publishedAt(publisher, 'numbers/random')
      const subscribers = commands.map((command) => bench.start([...command, '--connect', endpoint]))
      if (publisher) {
        for (const { stderr } of subscribers) await stderr.find(/: connected: /)
        await publisher.stop('SIGKILL')
      }
      for (const subscriber of subscribers) {
        await subscriber.stderr.find(/: waiting for /)
        const { status, stderr } = await subscriber.stop('SIGTERM')
        expect(status).toBe(0)
        expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0, /)
      }
    }
    expect(bench.logLines()).toEqual([])
  })

  test('frees the ports at once', async () => {
    const [port, page] = [await freePort(), await freePort()]
    for (let life = 0; life < 3; life++) {
      const publisher = bench.start(['publish', 'video', '--bind', `tcp://127.0.0.1:${port}`, '--width', 160])
      const viewer = bench.start([
        'viewer',
        1,
        '--port',
        page,
        '--connect',
        await publishedAt(publisher, 'video/main'),
      ])
      await viewer.stdout.find(/watch at/)
      await viewer.stderr.find(/: connected: /)
      const ends = await Promise.all([publisher.stop('SIGTERM'), viewer.stop('SIGTERM')])
      expect(ends.map(({ status }) => status)).toEqual([0, 0])
    }
    expect(bench.logLines()).toEqual([])
  })

  processTest('twice in a row, ends a demo in good order', async () => {
    const ports = await freeDemoPorts()
    const demo = bench.start(['demo', ...ports.args, '--video', clip.path])
    await demo.stdout.find(/^client 1 +#/)
    const children = descendantsOf(demo.pid)
    demo.kill('SIGTERM')
    const { status, stderr } = await demo.stop('SIGTERM')
    expect(status).toBe(0)
    expect(stderr.filter((line) => /received \d+, lost \d+, /.test(line))).toHaveLength(7)
    await allGone(children)
    expect(bench.logLines()).toEqual([])
  })
})

describe('a publisher that is killed', () => {
  processTest('takes its ffmpeg with it', async () => {
    const publisher = startClip()
    await publishedAt(publisher, 'video/main')
    await untilSeen(() => ffmpegsOf(publisher).length > 0)
    const children = descendantsOf(publisher.pid)
    expect(await publisher.stop('SIGKILL')).toMatchObject({ status: null, signal: 'SIGKILL' })
    await allGone(children)
  })
})

describe('without standard input', () => {
  test.each(['<&-', '</dev/null'])('a command runs as ever (%s)', async (redirection) => {
    const publish = `exec "$0" "$@" ${redirection}`
    const args = ['publish', 'numbers', '--interval', '10ms', '--messages', '3', '--bind', ANY_PORT]
    const shell = bench.launch('sh', [
      '-c',
      publish,
      process.execPath,
      ZCAST,
      ...args,
      '--log-dir',
      bench.logFolder,
    ])
    const { status, stderr } = await shell.ended
    expect({ status, last: stderr.at(-1) }).toEqual({
      status: 0,
      last: expect.stringMatching(/^numbers\/random: sent 3, dropped 0, /),
    })
    expect(bench.logLines()).toEqual([])
  })
})

test('a process without a terminal, as nohup starts it, outlives the terminal that was closed', async () => {
  const publisher = bench.start(['publish', 'numbers', '--interval', '10ms', '--bind', ANY_PORT])
  const endpoint = await publishedAt(publisher, 'numbers/random')
  publisher.kill('SIGHUP')
  const client = await bench.run(['client', '3', '--connect', endpoint, '--messages', 20])
  expect(client.status).toBe(0)
  expect((await publisher.stop('SIGTERM')).status).toBe(0)
})

const noPty = whyNoPty()
if (noPty !== undefined) console.log(`skipped: ${noPty}`)
const ptyDescribe = noPty === undefined ? describe : describe.skip

ptyDescribe('a terminal whose window is closed', () => {
  const commands: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a publisher', ['publish', '--numbers-port', '0', '--video-port', '0'], /publishing video/],
    ['a client', ['client', '3', '--connect', 'tcp://127.0.0.1:1'], /waiting for/],
    ['a viewer', ['viewer', '1', '--port', '0', '--connect', 'tcp://127.0.0.1:1'], /watch at/],
  ]

  test.each(commands)('ends %s in good order', async (_, args, running) => {
    const command = [process.execPath, ZCAST, ...args, '--log-dir', bench.logFolder]
    const pty = new Pty({ columns: 120, rows: 24 }, command, {})
    try {
      await pty.shows((emulator) => running.test(emulator.text))
      pty.hangUp()
      expect(await pty.exited).toMatchObject({ code: 0, signal: null })
    } finally {
      await pty.close()
    }
    expect(bench.logLines()).toEqual([])
  })

  test('ends a demo and everything in it', async () => {
    const ports = await freeDemoPorts()
    const command = [process.execPath, ZCAST, 'demo', ...ports.args, '--log-dir', bench.logFolder]
    const pty = new Pty({ columns: 120, rows: 60 }, command, {})
    try {
      await pty.shows((emulator) => /client 3 .*#\d/.test(emulator.text))
      pty.hangUp()
      expect(await pty.exited).toMatchObject({ code: 0, signal: null })
    } finally {
      await pty.close()
    }
    expect(bench.logLines()).toEqual([])
    // Its ports are free again, so nobody listens there any more.
    for (const port of [ports.numbers, ports.video]) {
      const again = bench.start(['publish', 'numbers', '--bind', `tcp://127.0.0.1:${port}`])
      await publishedAt(again, 'numbers/random')
      await again.stop()
    }
  })
})
