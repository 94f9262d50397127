import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { HttpInput } from '../../../../src/sources/live/http-input.ts'
import { LiveSource, type LiveOptions } from '../../../../src/sources/live/live-source.ts'
import { commandLines } from '../../../support/command-lines.ts'
import { ffmpeg, frameNumber, generateClip } from '../../../support/clips.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { solidPicture } from '../../../support/test-pictures.ts'

let server: Server | undefined
let folder: string
let clip: string
let pictures: Uint8Array[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-http-'))
  clip = await generateClip(join(folder, 'clip.mkv'), { frames: 10 })
  pictures = await Promise.all([0xff0000, 0x00ff00, 0x0000ff].map((rgb) => solidPicture(rgb)))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(async () => {
  if (!server) return
  server.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
  server = undefined
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function open(address: string, options: LiveOptions = {}, silenceMs?: number): LiveSource {
  return new LiveSource(new HttpInput(new URL(address), { silenceMs }), { firstRetryMs: 1, ...options })
}

const partHead = '\r\n--camera\r\nContent-Type: image/jpeg\r\n\r\n'

describe('an MJPEG camera over http', () => {
  let address: string
  let endless: Server
  beforeAll(async () => {
    endless = createServer((_, response) => sendPaced(response))
    endless.listen(0, '127.0.0.1')
    await once(endless, 'listening')
    address = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    endless.closeAllConnections()
    await new Promise((resolve) => endless.close(resolve))
  })

  testSourceContract('an MJPEG camera over http', { kind: 'video', create: () => open(address) })
})

function sendPaced(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=camera' })
  let count = 0
  const timer = setInterval(() => {
    response.write(Buffer.concat([Buffer.from(partHead), pictures[count++ % 3] ?? Buffer.alloc(0)]))
  }, 5)
  response.on('close', () => clearInterval(timer))
}

describe('http', () => {
  test('passes pictures on byte for byte, with and without lengths, cut anywhere', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=camera' })
      const [first, second] = pictures as [Uint8Array, Uint8Array]
      const head = `--camera\r\nContent-Length: ${first.length}\r\n\r\n`
      const all = Buffer.concat([
        Buffer.from(head),
        first,
        Buffer.from(partHead),
        second,
        Buffer.from('\r\n--camera'),
      ])
      let at = 0
      const next = (): void => {
        if (at >= all.length) return
        response.write(all.subarray(at, (at += 97)), () => setImmediate(next))
      }
      next()
    })
    const got = await take(open(`http://${host}/`), 2)
    expect((got[0] as Frame).data).toEqual(Buffer.from(pictures[0] ?? ''))
    expect((got[1] as Frame).data).toEqual(Buffer.from(pictures[1] ?? ''))
  })

  test('is opened again when it dies in the middle of a picture, and logs each attempt once', async () => {
    let requests = 0
    const host = await serve((request, response) => {
      requests++
      if (requests === 3) return sendPaced(response)
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=camera' })
      response.write(
        Buffer.concat([Buffer.from(partHead), (pictures[0] ?? Buffer.alloc(0)).subarray(0, 200)]),
        () => request.socket.destroy(),
      )
    })
    const log = new RecordingLog()
    const [frame] = await take(open(`http://${host}/`, { log }), 1)
    expect(frame).toMatchObject({ width: 64, height: 48 })
    expect(log.lines).toHaveLength(3)
    expect(log.lines[0]).toMatch(/^"http:.*" broke off: .*; trying again in 0.001 s$/)
    expect(log.lines[1]).toMatch(/trying again in 0.002 s$/)
    expect(log.lines[2]).toMatch(/^"http:.*" sends pictures again, after \d+ s$/)
  })

  test('with exitOnEnd fails with what ended it', async () => {
    const host = await serve((_, response) => response.writeHead(404).end())
    const source = open(`http://${host}/x`, { exitOnEnd: true })
    await expect(take(source, 1)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringContaining('answered 404'),
    })
  })

  test('gives up a part that never ends, and headers that never end', async () => {
    const bodies = [Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]), Buffer.from('--camera\r\n')]
    for (const body of bodies) {
      const host = await serve((_, response) => {
        response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=camera' })
        response.write(body)
        const filler = Buffer.alloc(1024 * 1024, 0x41)
        const next = (): void => void response.write(filler, () => !response.destroyed && setImmediate(next))
        response.on('error', () => undefined)
        next()
      })
      await expect(take(open(`http://${host}/`, { exitOnEnd: true }), 1)).rejects.toMatchObject({
        code: 'ERR_SOURCE_FAILED',
      })
      server?.closeAllConnections()
      server?.close()
    }
  })

  test('ends an answer that goes silent', async () => {
    const host = await serve((_, response) => void response.writeHead(200).write('--camera\r\n'))
    const source = open(`http://${host}/`, { exitOnEnd: true }, 50)
    await expect(take(source, 1)).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })

  test('sends the name and password of the URL, and shows them to nobody', async () => {
    const log = new RecordingLog()
    const seen: (string | undefined)[] = []
    const host = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(401).end()
    })
    const source = open(`http://me:s%40cret@${host}/`, { log })
    const controller = new AbortController()
    const reading = source.blocks(run(controller.signal)).next()
    const [line] = await log.first(1)
    controller.abort()
    await reading
    expect(seen[0]).toBeUndefined()
    expect(seen[1]).toBe(`Basic ${Buffer.from('me:s@cret').toString('base64')}`)
    expect(line).toContain(`"http://***@${host}/" answered 401`)
    expect(log.lines.join()).not.toMatch(/cret/)
  })

  test('follows a redirect without taking the password elsewhere, and none to a file', async () => {
    const seen: (string | undefined)[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(302, { Location: 'file:///etc/passwd' }).end()
    })
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    const host = await serve((_, response) => response.writeHead(302, { Location: elsewhere }).end())
    await expect(take(open(`http://me:secret@${host}/`, { exitOnEnd: true }), 1)).rejects.toMatchObject({
      message: expect.stringContaining('redirects to something that is not http or https'),
    })
    expect(seen).toEqual([undefined])
    await new Promise((resolve) => other.close(resolve))
  })

  test('plays a container in its own pace', async () => {
    const { size } = await stat(clip)
    const host = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': size })
      createReadStream(clip).pipe(response)
    })
    const numbers = (await take(open(`http://${host}/clip`), 5)).map((block) => block as Frame)
    const shown = await Promise.all(
      numbers.map(async ({ data }) => frameNumber((await decodeJpeg(data)).pixels)),
    )
    expect(shown).toEqual([...shown].toSorted((a, b) => a - b))
    expect(new Set(shown).size).toBe(5)
  })

  const testOnLinux = process.platform === 'linux' ? test : test.skip
  testOnLinux(
    'plays a playlist, and shows what is secret in its address in no list of processes',
    async () => {
      const segment = join(folder, 'segment.ts')
      await ffmpeg('-i', clip, '-c', 'copy', segment)
      const shown: string[] = []
      const asked: string[] = []
      const host = await serve(({ url = '', headers }, response) => {
        asked.push(url)
        if (headers.authorization === undefined)
          return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end()
        if (url.startsWith('/list')) {
          response.writeHead(200, { 'Content-Type': 'application/vnd.apple.mpegurl' })
          const list =
            '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.4,\nsegment?sig=se55cret\n#EXT-X-ENDLIST\n'
          return response.end(list)
        }
        // ffmpeg waits for the answer meanwhile.
        void commandLines().then((lines) => {
          shown.push(lines)
          createReadStream(segment).pipe(response)
        })
      })
      const frames = await take(open(`http://me:se55cret@${host}/list?token=se55cret`), 3)
      expect(frames[0]).toMatchObject({ width: 64, height: 48 })
      expect(asked).toContain('/list?token=se55cret')
      expect(shown[0]).toContain('concat')
      expect(shown[0]).not.toContain('se55cret')
    },
  )

  test('reads no local file that a playlist names', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/vnd.apple.mpegurl' })
      response.end(`#EXTM3U\n#EXTINF:1,\nfile://${clip}\n#EXT-X-ENDLIST\n`)
    })
    await expect(take(open(`http://${host}/list.m3u8`, { exitOnEnd: true }), 1)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
    })
  })
})
