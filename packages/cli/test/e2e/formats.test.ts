import { describe, expect, test } from '@jest/globals'
import { FORMATS } from '@zcast/formats'
import { FORMAT_NAMES } from '../../src/options/sockets/format-option.ts'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { INSTALLED_ZCAST, publishedAt, sentenceOf, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const ANY = 'tcp://127.0.0.1:*'

/** Prints what is loaded of the formats, and of what reads recordings. */
const LOADER = encodeURIComponent(
  'export async function load(url, context, next) { if (/[/]packages[/](formats|recording)[/]/.test(url)) process._rawDebug(`loaded ${url}`); return next(url, context) }',
)
const TELL_LOADED = `--import data:text/javascript,${encodeURIComponent(
  `import { register } from 'node:module'; register('data:text/javascript,${LOADER}')`,
)}`

test('help names every format', () => {
  expect(FORMAT_NAMES).toEqual(['zcast', ...FORMATS.map(({ name }) => name)])
})

test('nothing of the formats, nor of what reads recordings, is loaded by a command that is given neither', async () => {
  const env = { ...process.env, NODE_OPTIONS: TELL_LOADED }
  const loadedBy = async (...more: string[]): Promise<readonly string[]> => {
    const args = ['client', '3', '--bind', ANY, '--for', '1ms', '--log-dir', bench.logFolder, ...more]
    const { stderr } = await bench.launch(process.execPath, [INSTALLED_ZCAST, ...args], { env }).ended
    return stderr.filter((line) => line.startsWith('loaded'))
  }
  expect(await loadedBy()).toEqual([])
  expect(await loadedBy('--format', 'json')).not.toEqual([])
})

describe('both ends in a format', () => {
  test.each([
    ['imagezmq', 'video'],
    ['netgear', 'video'],
  ])('%s: pictures of a publisher that connects are counted exactly by what zcast adds', async (format) => {
    const viewer = bench.start([
      'viewer',
      1,
      '--show',
      'none',
      '--json',
      '--messages',
      5,
      '--format',
      format,
      '--bind',
      ANY,
    ])
    const [, endpoint] = await viewer.stderr.find(/waiting for video\/ from (\S+)$/)
    const publisher = bench.start([
      'publish',
      'video',
      'pattern',
      '--format',
      format,
      '--connect',
      endpoint as string,
    ])
    const { status, stdout, stderr } = await viewer.ended
    expect(status).toBe(0)
    expect(JSON.parse(stdout.at(-1) as string)).toMatchObject({
      type: 'summary',
      received: expect.any(Number),
      lost: expect.any(Number),
      invalid: 0,
      latencyMs: expect.anything(),
    })
    expect(stderr.at(-1)).toMatch(/^received \d+, lost \d+, .*latency p50/)
    expect((await publisher.stop()).status).toBe(0)
  })

  test.each(['json', 'msgpack', 'plotjuggler'])(
    '%s: numbers of a publisher that listens are printed',
    async (format) => {
      const publisher = bench.start([
        'publish',
        'numbers',
        '--count',
        2,
        '--interval',
        '20ms',
        '--format',
        format,
        '--bind',
        ANY,
      ])
      const endpoint = await publishedAt(publisher, 'numbers/random')
      const client = await bench.run([
        'client',
        3,
        '--json',
        '--messages',
        3,
        '--format',
        format,
        '--connect',
        endpoint,
      ])
      expect(client.status).toBe(0)
      const values = client.stdout.map(
        (line) => JSON.parse(line) as { topic: string; values: number[]; seq?: number },
      )
      expect(values).toHaveLength(3)
      for (const value of values)
        expect(value).toMatchObject({ topic: 'numbers/random', time: expect.any(Number) })
      const known = format === 'plotjuggler' ? 'lost unknown' : 'lost 0'
      expect(client.stderr.at(-1)).toContain(`, ${known}, skipped 0, invalid 0, `)
      expect(values.every(({ seq }) => (seq === undefined) === (format === 'plotjuggler'))).toBe(true)
      await publisher.stop()
    },
  )

  test('a dashboard takes numbers in one format and pictures in another', async () => {
    const numbers = bench.start([
      'publish',
      'numbers',
      '--interval',
      '20ms',
      '--format',
      'plotjuggler',
      '--bind',
      ANY,
    ])
    const video = bench.start([
      'publish',
      'video',
      'pattern',
      '--format',
      'imagezmq',
      '--bind',
      ANY,
      '--always',
    ])
    const dashboard = bench.start([
      'dashboard',
      '--port',
      0,
      '--json',
      '--format',
      'plotjuggler',
      '--format',
      'imagezmq',
      '--numbers',
      await publishedAt(numbers, 'numbers/random'),
      '--video',
      await publishedAt(video, 'video/main'),
    ])
    await dashboard.stdout.find(/"topic":"numbers\/","state":"live",.*"received":[1-9]\d*,"lost":null/)
    const { stderr } = await dashboard.stop()
    expect(stderr.join('\n')).toContain('numbers/ received')
    await Promise.all([numbers.stop(), video.stop()])
  })
})

test('before anything has come, what is lost is unknown, not nothing', async () => {
  const viewer = await bench.run([
    'viewer',
    1,
    '--show',
    'none',
    '--format',
    'imagezmq',
    '--bind',
    ANY,
    '--for',
    '10ms',
    '--json',
  ])
  expect(JSON.parse(viewer.stdout.at(-1) as string)).toMatchObject({ received: 0, lost: null })
  expect(viewer.stderr.at(-1)).toMatch(/^received 0, lost unknown, /)
})

describe('is refused by name', () => {
  const NETGEAR = ['--format', 'netgear:1']
  test.each<[string, (string | number)[], string]>([
    ['a format that does not exist', ['client', 3, '--format', 'xml'], 'format'],
    [
      'pictures to a client',
      ['client', 3, '--format', 'imagezmq'],
      'format imagezmq carries video, not numbers',
    ],
    ['numbers to a viewer', ['viewer', 1, '--format', 'json'], 'format json carries numbers, not video'],
    ['raw parts to a client', ['client', 3, '--format', 'raw'], 'format raw has no values, only parts'],
    ['raw parts to a publisher', ['publish', 'numbers', '--format', 'raw'], 'format raw is only read'],
    [
      'pickles to a publisher',
      ['publish', 'numbers', '--format', 'pickle'],
      'format pickle is only read: publish in another one',
    ],
    ['sound', ['publish', 'audio', '--format', 'json'], 'format json carries numbers, not audio'],
    ['a format for both kinds', ['publish', '--format', 'json'], 'format is for a single stream'],
    ['sound to a listener', ['listener', 1, '--format', 'json'], 'format'],
    [
      'a rendition to view',
      ['viewer', 1, '--format', 'imagezmq', '--topic', 'video/a', '--rendition', 'auto'],
      "rendition is for zcast's own format",
    ],
    [
      'a rendition to publish',
      ['publish', 'video', 'pattern', '--format', 'imagezmq', '--rendition', '120p'],
      "rendition is for zcast's own format",
    ],
    [
      'two streams without names',
      ['publish', 'video', 'a=pattern', 'b=pattern', '--format', 'netgear'],
      'format netgear does not name its streams',
    ],
    [
      'a NetGear receiver that connects',
      ['viewer', 1, ...NETGEAR, '--connect', 'tcp://127.0.0.1:5555'],
      'receivers listen and senders connect to them',
    ],
    [
      'a NetGear sender that listens',
      ['publish', 'video', 'pattern', ...NETGEAR, '--bind', ANY],
      'senders connect to receivers',
    ],
    [
      'a NetGear sender with a port',
      ['publish', 'video', 'pattern', ...NETGEAR, '--video-port', 0],
      'receivers listen: give connect',
    ],
    [
      'a hub that connects as well',
      [
        'viewer',
        1,
        '--show',
        'none',
        '--format',
        'imagezmq',
        '--bind',
        ANY,
        '--connect',
        'tcp://127.0.0.1:1',
      ],
      'give bind or connect, not both',
    ],
  ])('%s', async (_, args, sentence) => {
    const { status, stderr } = await bench.run([...args, '--for', '1s'])
    expect(status).toBe(2)
    expect(sentenceOf(stderr.at(-1)) || stderr.join('\n')).toContain(sentence)
  })

  test('keys where receivers answer', async () => {
    await bench.run(['keys', 'new', 'hub', '--keys-dir', bench.path('keys')])
    const { status, stderr } = await bench.run([
      'publish',
      'video',
      'pattern',
      '--format',
      'imagezmq',
      '--connect',
      await freeEndpoint(),
      '--curve',
      'hub',
      '--allow',
      'hub',
      '--keys-dir',
      bench.path('keys'),
    ])
    expect(status).toBe(2)
    expect(stderr.at(-1)).toContain('format imagezmq cannot be encrypted where receivers answer')
  })
})
