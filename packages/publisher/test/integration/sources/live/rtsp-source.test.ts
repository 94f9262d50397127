import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { RtspInput } from '../../../../src/sources/live/rtsp-input.ts'
import { commandLines } from '../../../support/command-lines.ts'
import { heldAfter } from '@zcast/testing/machine/held-resources'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { startRtspServer, whyNoRtspServer, type RtspServer } from '../../../support/rtsp-server.ts'
import { run, testSourceContract } from '@zcast/testing/contracts/source-contract'

let server: Server
let address: string
let onAsked: (text: string) => Promise<string | undefined>
beforeEach(async () => {
  onAsked = () => Promise.resolve(undefined)
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      void onAsked(data.toString()).then((answer) =>
        answer === undefined ? socket.destroy() : socket.write(answer),
      )
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

describe('rtsp', () => {
  test('is tried again when the server dies, logged once an attempt, and leaves no process', async () => {
    const log = new RecordingLog()
    const controller = new AbortController()
    const held = await heldAfter(async () => {
      const source = new LiveSource(new RtspInput(new URL(`rtsp://${address}/door`)), {
        log,
        firstRetryMs: 1,
      })
      const reading = source.blocks(run(controller.signal)).next()
      const lines = await log.first(3)
      controller.abort()
      expect((await reading).done).toBe(true)
      expect(lines[0]).toMatch(/^cannot capture from "rtsp:.*": .*; trying again in 0.001 s$/)
      expect(lines[1]).toMatch(/trying again in 0.002 s$/)
      expect(lines[2]).toMatch(/trying again in 0.004 s$/)
    })
    expect(held).toEqual([])
  })

  const testOnLinux = process.platform === 'linux' ? test : test.skip
  testOnLinux(
    'gives the password to the server, and shows it in no list of processes and no log',
    async () => {
      const log = new RecordingLog()
      const commands: string[] = []
      const asked: string[] = []
      onAsked = async (text) => {
        asked.push(text)
        // ffmpeg waits for the answer meanwhile.
        commands.push(await commandLines())
        const sequence = /CSeq: (\d+)/.exec(text)?.[1]
        if (text.startsWith('OPTIONS'))
          return `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\nPublic: DESCRIBE\r\n\r\n`
        if (text.includes('Authorization')) return undefined
        return `RTSP/1.0 401 Unauthorized\r\nCSeq: ${sequence}\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n`
      }
      const controller = new AbortController()
      const input = new RtspInput(new URL(`rtsp://me:se55cret@${address}/door`))
      const reading = new LiveSource(input, { log, firstRetryMs: 1 }).blocks(run(controller.signal)).next()
      await log.first(1)
      controller.abort()
      await reading
      expect(asked.join()).toContain(`Basic ${Buffer.from('me:se55cret').toString('base64')}`)
      const shown = commands.join()
      expect(shown).toContain('concat')
      expect(shown).not.toContain('se55cret')
      expect(log.lines.join()).not.toContain('se55cret')
    },
  )

  /** Why an address gives no picture. */
  async function failure(url: string): Promise<string> {
    const source = new LiveSource(new RtspInput(new URL(url)), { exitOnEnd: true })
    const error: unknown = await source
      .blocks(run())
      .next()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    return (error as Error).message
  }

  test('says that a name is unknown', async () => {
    expect(await failure('rtsp://no-such-host.invalid/x')).toMatch(
      /^cannot open "rtsp:.*": the host name "no-such-host\.invalid" (?:is unknown|cannot be looked up now)/,
    )
  })

  test('says that nothing listens', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await new Promise((resolve) => other.close(resolve))
    expect(await failure(`rtsp://me:hunter2@127.0.0.1:${port}/x?pwd=hunter2`)).toBe(
      `cannot open "rtsp://***@127.0.0.1:${port}/x?pwd=***": nothing accepts connections at 127.0.0.1:${port}: check that it is switched on, and check the port`,
    )
  })

  test.each([
    ['401 Unauthorized', '', 'it answered 401: it requires a name and a password: give them in the URL'],
    ['401 Unauthorized', 'me:x@', 'it answered 401: the name or the password is wrong'],
    ['403 Forbidden', 'me:x@', 'it answered 403: this user may not see it'],
    ['404 Not Found', '', 'it answered 404: there is nothing at this path: check the address'],
    ['453 Not Enough Bandwidth', '', 'it answered 453: it is busy, or has too many viewers already'],
    ['503 Service Unavailable', '', 'it answered 503: it is busy, or has too many viewers already'],
  ])('says what %s means (with "%s")', async (status, user, words) => {
    onAsked = async (text) => {
      const sequence = /CSeq: (\d+)/.exec(text)?.[1]
      const challenge = status.startsWith('401') ? 'WWW-Authenticate: Basic realm="x"\r\n' : ''
      return text.startsWith('OPTIONS')
        ? `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\nPublic: DESCRIBE\r\n\r\n`
        : `RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n${challenge}\r\n`
    }
    expect(await failure(`rtsp://${user}${address}/door`)).toContain(
      `cannot open "rtsp://${user && '***@'}${address}/door": ${words}`,
    )
  })

  test('asks for TCP, and keeps the query as it is', async () => {
    const asked: string[] = []
    onAsked = async (text) => {
      asked.push(text)
      const sequence = /CSeq: (\d+)/.exec(text)?.[1]
      const head = `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\n`
      if (!text.startsWith('DESCRIBE'))
        return text.startsWith('SETUP') ? undefined : `${head}Public: DESCRIBE\r\n\r\n`
      const sdp = 'v=0\r\nm=video 0 RTP/AVP 26\r\na=control:track0\r\n'
      return `${head}Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`
    }
    await failure(`rtsp://${address}/door?channel=1&subtype=0`)
    expect(asked.find((text) => text.startsWith('DESCRIBE'))).toContain('/door?channel=1&subtype=0 RTSP/1.0')
    expect(asked.find((text) => text.startsWith('SETUP'))).toContain('Transport: RTP/AVP/TCP')
  })
})

if (whyNoRtspServer) {
  test.skip(`a camera over RTSP (${whyNoRtspServer})`, () => {})
} else {
  describe('a camera over RTSP', () => {
    let camera: RtspServer
    beforeAll(async () => {
      camera = await startRtspServer()
    })
    afterAll(() => camera.kill())

    testSourceContract('a camera over RTSP', {
      kind: 'video',
      create: () => new LiveSource(new RtspInput(camera.url), { firstRetryMs: 1 }),
    })

    test('that is killed and comes back goes on, and is logged', async () => {
      const log = new RecordingLog()
      const first = await startRtspServer()
      const source = new LiveSource(new RtspInput(first.url), { log, firstRetryMs: 50 })
      const controller = new AbortController()
      const frames = source.blocks(run(controller.signal))
      const picture = { width: 160, height: 120, format: 'jpeg' }
      expect((await frames.next()).value).toMatchObject(picture)
      await first.kill()
      let backAtS = Infinity
      const reading = (async () => {
        for (;;) {
          const { value, done } = await frames.next()
          if (done) throw new Error('the source has ended')
          // What was captured before may still come.
          if (value && value.time > backAtS) return value
        }
      })()
      await log.first(1)
      const server = await startRtspServer(first.port)
      backAtS = Date.now() / 1000
      expect(await reading).toMatchObject(picture)
      expect(log.lines[0]).toMatch(/^cannot capture from "rtsp:.*|^"rtsp:.* ended/)
      controller.abort()
      await frames.return(undefined)
      await server.kill()
    })
  })
}
