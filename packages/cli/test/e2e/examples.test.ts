import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { encodeJpeg } from '@zcast/media'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { PROJECT, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const example = (name: string, ...args: string[]): Program =>
  bench.launch(process.execPath, [join(PROJECT, 'examples', name), ...args])

interface Value {
  readonly topic: string
  readonly names?: readonly string[]
  readonly values: readonly number[]
}

describe('the examples', () => {
  test('push-numbers.js sends from a loop what a client prints', async () => {
    const endpoint = await freeEndpoint()
    example('push-numbers.js', endpoint)
    const args = [
      'client',
      '3',
      '--topic',
      'numbers/wave',
      '--connect',
      endpoint,
      '--json',
      '--messages',
      '3',
    ]
    const { status, stdout } = await bench.run(args)
    expect(status).toBe(0)
    for (const { values } of stdout.map((line) => JSON.parse(line) as Value)) {
      const [sine = NaN, cosine = NaN] = values
      expect(Math.hypot(sine, cosine)).toBeCloseTo(1)
    }
  })

  test('csv-sink.js writes a line for each array, and ends when it is told to', async () => {
    const endpoint = await freeEndpoint()
    const sink = example('csv-sink.js', 'numbers/wave', endpoint)
    example('push-numbers.js', endpoint)
    await sink.stdout.atLeast(3)
    const { status, stdout, stderr } = await sink.stop()
    expect(stderr).toEqual([])
    expect(status).toBe(0)
    for (const line of stdout) {
      const [time = NaN, sine = NaN, cosine = NaN, ...others] = line.split(',').map(Number)
      expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60)
      expect(Math.hypot(sine, cosine)).toBeCloseTo(1)
      expect(others).toEqual([])
    }
  })

  test('read-lines.js sends the lines of its standard input, and ends with them', async () => {
    const endpoint = await freeEndpoint()
    const client = bench.start(
      ['client', '3', '--topic', 'numbers/room', '--connect', endpoint, '--json'].concat('--messages', '2'),
    )
    await client.stderr.find(/waiting for/)
    const lines = example('read-lines.js', endpoint)
    await lines.stdout.find(/sending/)
    // Whoever joins late has the newest value at once, so that two lines at any time are enough.
    await client.stderr.find(/connected/)
    lines.write('21.5 40\n')
    await client.stdout.atLeast(1)
    lines.write('22 41\n')
    const { stdout, status } = await client.ended
    lines.endInput()
    expect(status).toBe(0)
    expect(stdout.map((line) => (JSON.parse(line) as Value).values)).toEqual([
      [21.5, 40],
      [22, 41],
    ])
    expect((await lines.ended).status).toBe(0)
  })

  test('json-codec.js has both ends of a format of its own, and loses nothing', async () => {
    const { status, stdout, stderr } = await example('json-codec.js').ended
    expect(stderr).toEqual([])
    expect(status).toBe(0)
    expect(stdout).toEqual(['0 0 0', '1 1 1', '2 2 4', '3 3 9', '4 4 16'])
  })

  test('push-pictures.js asks a camera for pictures while somebody watches', async () => {
    const jpeg = await encodeJpeg(new Uint8Array(64 * 48 * 3).fill(128), 64, 48)
    let asked = 0
    const camera = createServer((_, response) => {
      asked += 1
      response.end(asked === 1 ? 'not a picture' : jpeg)
    })
    await new Promise<void>((listening) => camera.listen(0, '127.0.0.1', listening))
    try {
      const { port } = camera.address() as AddressInfo
      const endpoint = await freeEndpoint()
      const pictures = example('push-pictures.js', `http://127.0.0.1:${port}/snapshot.jpg`, endpoint)
      await pictures.stdout.find(/sending/)
      expect(asked).toBe(0)
      const args = 'viewer 1 --show none --topic video/cam --messages 2 --connect'.split(' ')
      const viewer = bench.start([...args, endpoint])
      const { status, stderr } = await viewer.ended
      expect(status).toBe(0)
      expect(stderr.at(-1)).toMatch(/received [2-9]\d*, lost 0, .*invalid 0/)
      await pictures.stderr.find(/no picture: /)
    } finally {
      camera.close()
      camera.closeAllConnections()
    }
  })

  test('embedded-viewer.js has its own page, and the viewer inside it shows what is sent', async () => {
    const endpoint = await freeEndpoint()
    const publisher = bench.start(['publish', 'video', 'pattern', '--bind', endpoint])
    await publisher.stderr.find(/publishing/)
    const application = example('embedded-viewer.js', '0', endpoint)
    const [, address] = await application.stdout.find(/open (\S+);/)
    const page = await fetch(address as string)
    expect(await page.text()).toContain('<iframe src="/cam/"')
    let snapshot = await fetch(`${address}/cam/snapshot.jpg`)
    // Until the viewer is connected, and on a busy machine for longer, there is no picture to answer with.
    while (snapshot.status === 503) snapshot = await fetch(`${address}/cam/snapshot.jpg`)
    expect(snapshot.status).toBe(200)
    const bytes = new Uint8Array(await snapshot.arrayBuffer())
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xd8])
  })
})
