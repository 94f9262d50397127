import { describe, expect, test } from '@jest/globals'
import { generateClip, useLongClip } from '../support/clips.ts'
import { allGone, HAS_PROC, treeOf } from '../support/process-tree.ts'
import { publishedAt, SUMMARY, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const ANY_PORT = 'tcp://127.0.0.1:*'
const clip = useLongClip()

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('ends publisher, client and viewer in good order', async () => {
    const publisher = bench.start([
      'publish',
      '--numbers-port',
      0,
      '--video-port',
      0,
      '--interval',
      '10ms',
      '--width',
      160,
    ])
    const numbers = await publishedAt(publisher, 'numbers/random')
    const video = await publishedAt(publisher, 'video/main')
    const client = bench.start(['client', '2', '--connect', numbers])
    const page = bench.start(['viewer', '1', '--port', 0, '--connect', video])
    const counter = bench.start(['viewer', '2', '--show', 'none', '--json', '--connect', video])
    await client.stdout.atLeast(5)
    await counter.stdout.find(/"received":[1-9]/)
    await page.stderr.find(/connected/)
    for (const subscriber of [client, page, counter]) {
      const { status, stderr } = await subscriber.stop(signal)
      expect(status).toBe(0)
      expect(stderr.at(-1)).toMatch(SUMMARY)
    }
    const { status, stderr } = await publisher.stop(signal)
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^video\/main: sent \d+, dropped 0, /)
    expect(bench.logLines()).toEqual([])
  })

  const processTest = HAS_PROC ? test : test.skip
  processTest('ends the ffmpeg of a publisher with it', async () => {
    const publisher = bench.start(['publish', 'video', clip.path, '--bind', ANY_PORT])
    const viewer = bench.start([
      'viewer',
      '1',
      '--show',
      'none',
      '--messages',
      2,
      '--connect',
      await publishedAt(publisher, 'video/main'),
    ])
    await viewer.ended
    const ffmpegs = treeOf(publisher.pid)
    expect(ffmpegs.map(({ name }) => name)).toEqual([expect.stringMatching(/^ffmpeg/)])
    expect((await publisher.stop(signal)).status).toBe(0)
    await allGone(ffmpegs.map(({ pid }) => pid))
    expect(bench.logLines()).toEqual([])
  })
})

describe('a second signal', () => {
  test('does not spoil the end in good order', async () => {
    const publisher = bench.start(['publish', 'video', clip.path, '--bind', ANY_PORT])
    await publishedAt(publisher, 'video/main')
    publisher.kill('SIGINT')
    expect((await publisher.stop('SIGINT')).status).toBe(0)
  })
})

describe('a reader of standard output that has enough', () => {
  test('ends a client quietly: client | head -1', async () => {
    const publisher = bench.start(['publish', 'numbers', '--bind', ANY_PORT, '--interval', '5ms'])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const pipeline = '{ "$0" "$@"; echo "status $?" >&2; } | head -1'
    const client = [
      process.execPath,
      ZCAST,
      'client',
      '3',
      '--connect',
      endpoint,
      '--log-dir',
      bench.logFolder,
    ]
    const shell = bench.launch('sh', ['-c', pipeline, ...client])
    const { stdout, stderr } = await shell.ended
    expect(stdout).toEqual([expect.stringMatching(/^#\d+ /)])
    expect(stderr).toEqual([
      expect.stringMatching(/^client 3: connected: /),
      expect.stringMatching(SUMMARY),
      'status 0',
    ])
    expect(bench.logLines()).toEqual([])
    await publisher.stop()
  })
})

describe('a reader of standard output that has stopped', () => {
  test('keeps a client neither from its memory limit nor from its end: status 1 and a sentence', async () => {
    const publisher = bench.start([
      'publish',
      'numbers',
      '--bind',
      ANY_PORT,
      '--interval',
      '1ms',
      '--count',
      '500',
    ])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const gate = bench.path('gate')
    // The reader takes nothing and goes once the client has ended.
    const pipeline = `mkfifo "${gate}"; { "$0" "$@"; echo "status $?" >&2; : > "${gate}"; } | cat "${gate}"`
    const options = ['--connect', endpoint, '--max-memory', '1M', '--log-dir', bench.logFolder]
    const shell = bench.launch('sh', ['-c', pipeline, process.execPath, ZCAST, 'client', '3', ...options])
    const { stderr } = await shell.ended
    expect(stderr).toEqual([
      expect.stringMatching(/^client 3: connected: /),
      expect.stringMatching(SUMMARY),
      expect.stringMatching(
        /^zcast: numbers\/random arrives faster than it is consumed and 1 MiB are waiting/,
      ),
      'status 1',
    ])
    await publisher.stop()
  })
})

describe('a clip that is not looped', () => {
  test('ends its publisher with exit status 0 after the last frame; --verbose tells which ffmpeg runs', async () => {
    const short = await generateClip(bench.path('short.mp4'), { frames: 20, rate: '40' })
    const args = ['publish', 'video', short, '--no-loop', '--always', '--verbose', '--bind', ANY_PORT]
    const { status, stderr } = await bench.run(args)
    expect(status).toBe(0)
    expect(stderr[0]).toMatch(/^publisher: ffmpeg \S+ at \/\S+/)
    expect(stderr.at(-1)).toMatch(/^video\/main: sent 20, dropped 0, /)
  })
})
