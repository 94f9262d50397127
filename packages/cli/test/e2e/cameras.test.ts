import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { encodeJpeg } from '@zcast/media'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const PUBLISH = ['publish', 'video', '--bind', 'tcp://127.0.0.1:*', '--always']

let jpeg: Buffer
let server: Server | undefined
beforeAll(async () => {
  jpeg = Buffer.from(await encodeJpeg(new Uint8Array(64 * 48 * 3).fill(90), 64, 48))
})
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

/** A camera. @returns Its host and port. */
async function camera(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const testWithoutCamera = process.platform === 'linux' && !existsSync('/dev/video0') ? test : test.skip

describe('publish video camera, where there is none,', () => {
  const words = 'there is no camera at /dev/video0: plug one in, or choose one that "zcast devices" lists'

  testWithoutCamera('says so at once and goes on until it is stopped', async () => {
    const publisher = bench.start(['publish', 'video', 'camera', '--bind', 'tcp://127.0.0.1:*'])
    await publisher.stderr.find(/^publisher: publishing video\/main on /)
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    expect(stderr[0]).toBe(`publisher: warning: ${words}; it is opened as soon as it is available`)
  })

  testWithoutCamera('fails when its time is over and it had no picture', async () => {
    const { status, stderr } = await bench.run([...PUBLISH, 'camera', '--for', '100ms'])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toMatch(/^zcast: video\/main had no picture until the end: /)
  })

  testWithoutCamera('ends with --exit-on-end', async () => {
    const { status, stderr } = await bench.run([...PUBLISH, 'camera', '--exit-on-end'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: [`zcast: ${words}`] })
  })
})

describe('publish video -', () => {
  test('ends with status 1 when nothing comes', async () => {
    const { status, stderr } = await bench.run([...PUBLISH, '-'])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toBe('zcast: "standard input" has ended without a picture')
  })

  test('says that its input has ended, and keeps what came until it is stopped', async () => {
    const publisher = bench.start([...PUBLISH, '-'])
    publisher.write(jpeg)
    publisher.endInput()
    await publisher.stderr.find(
      /^publisher: warning: "standard input" has ended; nothing more can come from it, and its last picture stays$/,
    )
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^video\/main: sent 1, dropped 0, /)
  })

  test('with --exit-on-end says it, and ends in good order', async () => {
    const publisher = bench.start([...PUBLISH, '-', '--exit-on-end'])
    publisher.write(Buffer.concat([jpeg, jpeg.subarray(0, 100)]))
    publisher.endInput()
    const { status, stderr } = await publisher.ended
    expect(status).toBe(0)
    expect(stderr).toContain('publisher: "standard input" has ended')
    expect(stderr).toContain('publisher: warning: skipped a picture of "standard input": it is cut off')
    expect(stderr.at(-1)).toMatch(/^video\/main: sent 1, dropped 0, bad pictures 1, /)
  })
})

describe('a camera over http', () => {
  test('whose address holds a password shows it nowhere, and the command line is warned of', async () => {
    const host = await camera((_, response) => response.writeHead(401).end())
    const publisher = bench.start([...PUBLISH, `http://${host}/video.cgi?user=admin&pwd=hunter2`])
    await publisher.stderr.find(/answered 401: it requires a name and a password/)
    const { stderr, stdout } = await publisher.stop()
    const said = [...stderr, ...stdout, ...bench.logLines()].join('\n')
    expect(said).not.toMatch(/hunter2|admin/)
    expect(said).toContain(`"http://${host}/video.cgi?user=***&pwd=***" answered 401`)
    expect(said).toContain(
      'the URL on the command line holds a password or a key, which ps shows to everybody',
    )
  })

  test('is not warned of where its password comes from the configuration', async () => {
    const host = await camera((_, response) => response.writeHead(401).end())
    const config = bench.path('zcast.json')
    await writeFile(config, JSON.stringify({ publish: { video: `http://me:hunter2@${host}/` } }))
    const publisher = bench.start([...PUBLISH, '--config', config])
    await publisher.stderr.find(/answered 401: the name or the password is wrong/)
    const { stderr } = await publisher.stop()
    expect(stderr.join()).not.toMatch(/hunter2|ps shows/)
  })

  test('that is away is one line at once, its repeats are counted, and its return is told', async () => {
    let requests = 0
    const host = await camera((_, response) => {
      if (++requests < 3) return response.writeHead(requests === 1 ? 503 : 500).end()
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=x' })
      response.write(Buffer.concat([Buffer.from('--x\r\n\r\n'), jpeg]))
    })
    const publisher = bench.start([...PUBLISH, `http://${host}/`])
    await publisher.stderr.find(/sends pictures again, after \d+ s$/)
    const { status, stderr } = await publisher.stop()
    expect(status).toBe(0)
    const errors = stderr.filter((line) => line.startsWith('publisher: error: '))
    expect(errors).toEqual([
      expect.stringMatching(
        /answered 503: it is busy, or has too many viewers already; trying again in 1 s$/,
      ),
      expect.stringMatching(/answered 500: .*; trying again in 2 s \(repeated 1 time in /),
    ])
  })

  test('that gives nothing ends with status 1 and --exit-on-end', async () => {
    const host = await camera((_, response) =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>Login</title>'),
    )
    const { status, stderr } = await bench.run([...PUBLISH, `http://${host}/`, '--exit-on-end'])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toContain('answered a web page ("Login"), not video')
  })

  test.each([
    [
      'http://admin:hun/ter2@host/',
      /^zcast: "http:\/\/\*\*\*@host\/" is not the URL of a stream: .* in a password as %2F/,
    ],
    ['ftp://me:hunter2@host/', /^zcast: "ftp:\/\/\*\*\*@host\/" is not the URL of a stream/],
  ])('whose address is wrong (%s) is refused without its password', async (url, sentence) => {
    const { status, stderr } = await bench.run([...PUBLISH, url])
    expect(status).toBe(2)
    expect(stderr.at(-1)).toMatch(sentence)
    expect(stderr.join()).not.toContain('ter2')
  })

  test('is refused with a certificate to trust that is none', async () => {
    const { status, stderr } = await bench.run([
      ...PUBLISH,
      'https://127.0.0.1:1/',
      '--trust-cert',
      'sha256:12',
    ])
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: [
        'zcast: "sha256:12" is not a SHA-256 fingerprint: it needs 64 hexadecimal digits (from --trust-cert)',
      ],
    })
  })
})
