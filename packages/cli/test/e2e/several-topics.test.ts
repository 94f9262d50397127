import { describe, expect, test } from '@jest/globals'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Line {
  readonly type?: string
  readonly topic: string
  readonly received?: number
}

describe('several topics', () => {
  test('of one kind come by one subscription, and no others', async () => {
    const sources = ['a=pattern', 'b=pattern', 'c=pattern']
    const options = ['--bind', 'tcp://127.0.0.1:*', '--width', 160, '--fps', 10]
    const publisher = bench.start(['publish', 'video', ...sources, ...options])
    const endpoint = await publishedAt(publisher, 'video/c')
    const topics = ['--topic', 'video/a', '--topic', 'video/b', '--topic', 'video/a']
    const viewer = ['viewer', 1, '--show', 'none', '--json', '--connect', endpoint, ...topics]
    const { status, stdout } = await bench.run([...viewer, '--messages', 12])
    expect(status).toBe(0)
    const summary = JSON.parse(stdout.at(-1) as string) as Line
    expect(summary).toMatchObject({ type: 'summary', topic: 'video/a, video/b', first: null })
    const { stderr } = await publisher.stop()
    const sent = stderr.flatMap((line) => /^video\/(.): sent (\d+),/.exec(line)?.slice(1) ?? [])
    expect(sent).toEqual([
      'a',
      expect.not.stringMatching(/^0$/),
      'b',
      expect.not.stringMatching(/^0$/),
      'c',
      '0',
    ])
  })

  test('of numbers are told apart by a client', async () => {
    const start = (stream: string): string[] => [
      'publish',
      'numbers',
      '--stream',
      stream,
      '--interval',
      '20ms',
    ]
    const subscriber = bench.start([
      'client',
      3,
      '--json',
      '--bind',
      'tcp://127.0.0.1:*',
      '--topic',
      'numbers/a',
      '--topic',
      'numbers/b',
    ])
    const [, endpoint = ''] = await subscriber.stderr.find(/waiting for numbers\/a, numbers\/b from (\S+)$/)
    for (const stream of ['a', 'b', 'c']) bench.start([...start(stream), '--connect', endpoint])
    await subscriber.stdout.find(/"topic":"numbers\/a"/)
    await subscriber.stdout.find(/"topic":"numbers\/b"/)
    const { status, stdout } = await subscriber.stop()
    expect(status).toBe(0)
    expect(new Set(stdout.map((line) => (JSON.parse(line) as Line).topic))).toEqual(
      new Set(['numbers/a', 'numbers/b']),
    )
  })

  test('of any kind choose what a dashboard receives', async () => {
    const dashboard = async (...topics: string[]): Promise<Set<string>> => {
      const ends = ['--numbers', 'tcp://127.0.0.1:1', '--video', 'tcp://127.0.0.1:1', '--port', 0]
      const chosen = topics.flatMap((topic) => ['--topic', topic])
      const { status, stdout } = await bench.run(['dashboard', '--json', '--for', '50ms', ...ends, ...chosen])
      expect(status).toBe(0)
      return new Set(stdout.map((line) => (JSON.parse(line) as Line).topic))
    }
    const seen = [
      await dashboard(),
      await dashboard('numbers/imu', 'video/cam', 'video/door'),
      await dashboard('video/cam'),
    ]
    expect(seen).toEqual([
      new Set(['numbers/', 'video/']),
      new Set(['numbers/imu', 'video/cam, video/door']),
      new Set(['video/cam']),
    ])
  })
})
