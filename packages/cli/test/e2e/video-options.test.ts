import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import type { Envelope, Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { Subscriber } from '@zcast/subscribers'
import { frameNumber } from '@zcast/testing/pictures/generate-clip'
import { generateClip } from '../support/clips.ts'
import { until } from '@zcast/testing/waiting/until'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench, sentenceOf } from '../support/zcast.ts'

const bench = useWorkbench()
const LOCAL = ['--bind', 'tcp://127.0.0.1:*']

/** Receives so many envelopes of some topics. */
async function receive(endpoint: string, topics: readonly string[], count: number): Promise<Envelope[]> {
  await using subscriber = await Subscriber.open({ connect: [endpoint], topics, delivery: 'all' })
  const received: Envelope[] = []
  for await (const envelope of subscriber) if (received.push(envelope) === count) break
  return received
}

async function start(args: readonly (string | number)[], topic = 'video/main'): Promise<[Program, string]> {
  const env = { XDG_CACHE_HOME: bench.path('cache') }
  const publisher = bench.start(['publish', 'video', ...args, ...LOCAL], { env })
  return [publisher, await publishedAt(publisher, topic)]
}

describe('zcast publish video', () => {
  test('sends several sources on one endpoint, each under its name', async () => {
    const [publisher, endpoint] = await start(['front=pattern', 'back=pattern', '--width', 160], 'video/back')
    for (const stream of ['front', 'back']) {
      const [envelope] = await receive(endpoint, [`video/${stream}`], 1)
      expect(envelope?.topic).toBe(`video/${stream}`)
    }
    const topics = new Set((await receive(endpoint, ['video/'], 20)).map(({ topic }) => topic))
    expect([...topics].toSorted()).toEqual(['video/back', 'video/front'])
    const { stderr } = await publisher.stop()
    expect(stderr.filter((line) => /^video\/(front|back): sent \d+, /.test(line))).toHaveLength(2)
  })

  test('sends renditions beside the pictures themselves', async () => {
    const [publisher, endpoint] = await start([
      'pattern',
      '--width',
      320,
      '--rendition',
      '90p',
      '--rendition',
      '45p',
    ])
    const sizes = { 'video/main': [320, 180], 'video@90p/main': [160, 90], 'video@45p/main': [80, 45] }
    for (const [topic, [width, height]] of Object.entries(sizes)) {
      const [envelope] = (await receive(endpoint, [topic], 1)) as [Envelope]
      expect(envelope).toMatchObject({ topic, block: { width, height } })
      expect(await decodeJpeg((envelope.block as Frame).data)).toMatchObject({ width, height })
    }
    await publisher.stop()
  })

  test('begins a clip where --start says, and ends it with --no-loop', async () => {
    const clip = await generateClip(bench.path('clip.mp4'), { frames: 20 })
    const [publisher, endpoint] = await start([clip, '--start', '400ms', '--no-loop', '--fps', 25])
    const subscriber = await Subscriber.open({ connect: [endpoint], topics: ['video/main'], delivery: 'all' })
    const pictures: Envelope[] = []
    const receiving = (async () => {
      for await (const envelope of subscriber) pictures.push(envelope)
    })()
    const { status, stderr } = await publisher.ended
    await subscriber.close()
    await receiving
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^video\/main: sent 10, dropped 0, /)
    const numbers: number[] = []
    for (const { block } of pictures)
      numbers.push(frameNumber((await decodeJpeg((block as Frame).data)).pixels))
    // A busy machine may lose a picture on the way.
    expect(numbers.length).toBeGreaterThan(0)
    expect([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]).toEqual(expect.arrayContaining(numbers))
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
  })

  test('refuses a start beyond the clip with status 2, before it listens', async () => {
    const clip = await generateClip(bench.path('short.h264'), { frames: 5 })
    const { status, stderr } = await bench.run(['publish', 'video', clip, '--start', '1s', ...LOCAL])
    expect(stderr).toHaveLength(1)
    expect(stderr[0]).toContain(`start is beyond the end of the video in "${clip}": begin before 1 s`)
    expect(status).toBe(2)
  })

  test('keeps a looped clip for the next start, unless --cache is off', async () => {
    const clip = await generateClip(bench.path('clip.mp4'), { frames: 5 })
    const folder = bench.path('cache/zcast/clips')
    for (const cache of ['off', '1M']) {
      const [publisher, endpoint] = await start([clip, '--cache', cache])
      await receive(endpoint, ['video/main'], 12)
      await publisher.stop()
      if (cache === 'off') expect(existsSync(folder)).toBe(false)
      else expect(await readdir(folder)).toEqual([expect.stringMatching(/\.clip$/)])
    }
  })

  test('tries a live source again that cannot be opened, or ends with --exit-on-end', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end())
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    try {
      const args = ['publish', 'video', address, '--always', ...LOCAL]
      const { status, stderr } = await bench.run([...args, '--exit-on-end'])
      expect(status).toBe(1)
      expect(stderr.join('\n')).toContain('404')
      const patient = bench.start(args)
      await until(() => bench.logLines().length > 1)
      expect(patient.isRunning).toBe(true)
      expect((await patient.stop()).status).toBe(0)
      expect(bench.logLines().join('\n')).toContain('404')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test.each([
    [['--start', '1s'], /^start applies to video files only, not to "pattern"$/],
    [['--rendition', 'small'], /^rendition must be a height in pixels from 16p /],
    [['--rendition', '90p', '--rendition', '90p'], /^rendition 90p was given more than once$/],
    [['--cache', 'much'], /^cache must be a size such as 500M or 2G, got "much"$/],
    [['--linger', 'long'], /^linger must be a duration /],
    [['again=pattern', 'again=screen'], /^several sources need names of their own, /],
  ])('refuses %j', async (args, sentence) => {
    const [first = ''] = args
    const sources = first.startsWith('--') ? ['pattern'] : []
    const { status, stderr } = await bench.run(['publish', 'video', ...sources, ...args, ...LOCAL])
    expect(stderr).toEqual([expect.stringMatching(/^zcast: /)])
    expect(sentenceOf(stderr[0])).toMatch(sentence)
    expect(status).toBe(2)
  })

  test('says with --host 0.0.0.0 by which addresses others reach it, and that they all can', async () => {
    const publisher = bench.start(['publish', 'video', '--host', '0.0.0.0', '--video-port', 0])
    const [, port] = await publisher.stderr.find(/publishing video\/main on tcp:\/\/0\.0\.0\.0:(\d+)$/)
    await publisher.stderr.find(
      /^publisher: warning: .* open to the network: everybody who reaches it can watch, /,
    )
    const { stderr } = await publisher.stop()
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    const reachable = others.filter(({ internal, family }) => !internal && family === 'IPv4')
    const said = stderr.filter((line) => line.startsWith('publisher: from elsewhere: '))
    expect(said).toEqual(
      reachable.map(({ address }) => `publisher: from elsewhere: --connect tcp://${address}:${port}`),
    )
  })

  test('shows a file whose name looks like a name and a source', async () => {
    const { status, stderr } = await bench.run(['publish', 'video', 'a=b.mp4', ...LOCAL], {
      cwd: bench.folder,
    })
    expect(status).toBe(1)
    expect(stderr.join('\n')).toContain('there is no file "b.mp4"')
    await generateClip(bench.path('a=b.mp4'), { frames: 2 })
    const publisher = bench.start(['publish', 'video', 'a=b.mp4', ...LOCAL], { cwd: bench.folder })
    await publishedAt(publisher, 'video/main')
    await publisher.stop()
  })
})
