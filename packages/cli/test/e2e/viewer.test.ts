import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { greyPicture, videoMessage } from '../support/messages.ts'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { treeOf, untilSeen } from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Report {
  readonly type: string
  readonly topic: string
  readonly received: number
  readonly lost: number
  readonly first: number
  readonly last: number
  readonly fps: number
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number }
}

async function startPattern(...args: (string | number)[]): Promise<{ publisher: Program; endpoint: string }> {
  const publisher = bench.start(['publish', 'video', '--bind', 'tcp://127.0.0.1:*', '--width', 160, ...args])
  return { publisher, endpoint: await publishedAt(publisher, 'video/main') }
}

describe('a viewer', () => {
  test('counts with --show none, and reports as JSON each second and at its end', async () => {
    const { publisher, endpoint } = await startPattern()
    const viewer = bench.start(['viewer', '1', '--show', 'none', '--json', '--connect', endpoint])
    await viewer.stdout.find(/"type":"stats".*"received":[1-9]/)
    const { status, stdout, stderr } = await viewer.stop()
    await publisher.stop()
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(SUMMARY)
    const reports = stdout.map((line) => JSON.parse(line) as Report)
    expect(reports.map(({ type }) => type)).toEqual([...reports.slice(1).map(() => 'stats'), 'summary'])
    for (const report of reports) {
      expect(Object.keys(report)).toEqual(
        expect.arrayContaining([
          'type',
          'topic',
          'received',
          'lost',
          'skipped',
          'invalid',
          'unsupported',
          'repeated',
          'duplicate',
          'first',
          'last',
          'width',
          'height',
          'fps',
          'latencyMs',
        ]),
      )
    }
    const summary = reports.at(-1) as Report
    expect(summary).toMatchObject({ topic: 'video/main', width: 160, height: 90, invalid: 0, unsupported: 0 })
    expect(summary.last - summary.first + 1).toBe(summary.received + summary.lost)
    expect(summary.fps).toBeGreaterThan(0)
    const { p50, p99, max } = summary.latencyMs
    expect(p50 <= p99 && p99 <= max).toBe(true)
    expect(stderr.at(-1)).toContain(`received ${summary.received}, lost ${summary.lost}, `)
  })

  test('shows a page titled by its number, with the picture on it', async () => {
    const { publisher, endpoint } = await startPattern()
    const viewer = bench.start(['viewer', '7', '--port', 0, '--connect', endpoint])
    const [, address] = await viewer.stdout.find(/^watch at (http:\/\/127\.0\.0\.1:\d+)$/)
    const page = await fetch(address as string)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>Client 7</title>')
    await viewer.stderr.find(/^viewer 7: connected: video\/main from /)
    expect(await viewer.stop()).toMatchObject({ status: 0, stdout: [`watch at ${address}`] })
    await publisher.stop()
  })

  test('saves one whole picture with --snapshot, and ends', async () => {
    const { publisher, endpoint } = await startPattern()
    const { status, stdout, stderr } = await bench.run([
      'viewer',
      '1',
      '--connect',
      endpoint,
      '--snapshot',
      bench.path('now.jpg'),
    ])
    await publisher.stop()
    expect(status).toBe(0)
    expect(stdout).toEqual([])
    expect(stderr).toContain(`viewer 1: saved ${bench.path('now.jpg')}`)
    expect(await decodeJpeg(await readFile(bench.path('now.jpg')))).toMatchObject({ width: 160, height: 90 })
    expect((await readdir(bench.folder)).sort()).toEqual(['logs', 'now.jpg'])
  })

  test('says that no picture came when --for ends before a snapshot, with exit status 1', async () => {
    const { status, stderr } = await bench.run([
      'viewer',
      '1',
      '--connect',
      await freeEndpoint(),
      '--snapshot',
      bench.path('now.jpg'),
      '--for',
      '50ms',
    ])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toMatch(/^zcast: no new picture came, so .*now\.jpg was not written: /)
    expect(bench.logLines()).toEqual([expect.stringContaining('ERROR - viewer 1: no new picture came')])
  })

  test('waits for a snapshot no longer than --timeout, and says so', async () => {
    const path = bench.path('now.jpg')
    const args = ['viewer', '1', '--connect', await freeEndpoint(), '--snapshot', path]
    const { status, stderr } = await bench.run([...args, '--timeout', '300ms'])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toMatch(
      /^zcast: no new picture came within 0\.3 s, so .* was not written: .*--timeout$/,
    )
    const refused = await bench.run(['viewer', '1', '--timeout', '1s'])
    expect(refused).toMatchObject({
      status: 2,
      stderr: [expect.stringMatching(/^zcast: timeout applies to snapshot only/)],
    })
  })

  test('saves every picture that comes, however fast', async () => {
    const { publisher, endpoint } = await startPattern('--fps', 100)
    const folder = bench.path('pictures')
    const viewer = await bench.run([
      'viewer',
      '1',
      '--show',
      'none',
      '--connect',
      endpoint,
      '--save',
      folder,
      '--messages',
      200,
    ])
    await publisher.stop()
    expect(viewer.status).toBe(0)
    const [, lost, withheld = 0] =
      /^received \d+, lost (\d+), (?:withheld (\d+), )?skipped 0, invalid 0, /.exec(
        viewer.stderr.at(-1) as string,
      ) ?? []
    const numbers = (await readdir(folder)).sort().map((name) => Number(name.slice(0, 6)))
    expect(numbers).toHaveLength(200)
    // What never came, on a busy machine, is told as lost or withheld; none of the others is left out.
    const missed = Number(lost) + Number(withheld)
    expect((numbers[199] as number) - (numbers[0] as number) + 1).toBeLessThanOrEqual(200 + missed)
  })

  test('goes on when its recording ends, says so at once, and ends with status 1', async () => {
    const { publisher, endpoint } = await startPattern()
    const args = ['viewer', '1', '--port', 0, '--connect', endpoint, '--record', bench.path('x.mkv')]
    const viewer = bench.start(args)
    await viewer.stdout.find(/^watch at /)
    const recorders = (): number[] =>
      treeOf(viewer.pid).flatMap(({ pid, name }) => (name.startsWith('ffmpeg') ? [pid] : []))
    await untilSeen(() => recorders().length > 0)
    for (const pid of recorders()) process.kill(pid, 'SIGKILL')
    await viewer.stderr.find(/^viewer 1: error: ffmpeg stopped writing .*x\.mkv/)
    expect(viewer.isRunning).toBe(true)
    expect((await viewer.stop()).status).toBe(1)
    await publisher.stop()
  })

  test('listens with --bind, and receives every stream of a kind from publishers that connect', async () => {
    const endpoint = await freeEndpoint()
    const viewer = bench.start(['viewer', '1', '--show', 'none', '--json', '--bind', endpoint])
    const publishers = ['cam1', 'cam10'].map((stream) =>
      bench.start([
        'publish',
        'video',
        '--connect',
        endpoint,
        '--stream',
        stream,
        '--width',
        160,
        '--messages',
        60,
      ]),
    )
    for (const { ended } of publishers) expect(await ended).toMatchObject({ status: 0 })
    const summary = JSON.parse((await viewer.stop()).stdout.at(-1) as string) as Report
    expect(summary.topic).toBe('video/')
    // More than one of them alone has sent.
    expect(summary.received).toBeGreaterThan(60)
  })

  test('takes only the topic it was told, not those that begin alike', async () => {
    await using publisher = await ForeignPublisher.open()
    const viewer = bench.start([
      'viewer',
      '1',
      '--show',
      'none',
      '--connect',
      publisher.endpoint,
      '--messages',
      2,
    ])
    await publisher.subscribed
    const picture = await greyPicture(16, 16, 100)
    const [topic, ...rest] = videoMessage(0, picture, 16, 16) as [Uint8Array, ...Uint8Array[]]
    await publisher.send(`${Buffer.from(topic).toString()}2`, ...rest)
    await publisher.send('video/main', ...rest)
    await publisher.send(...videoMessage(1, picture, 16, 16))
    const { status, stderr } = await viewer.ended
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^received 2, lost 0, skipped 0, invalid 0, /)
  })
})
