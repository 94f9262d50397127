import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { RtspInput } from '../../../../src/sources/live/rtsp-input.ts'
import { heldAfter } from '../../../support/held-resources.ts'
import { RecordingLog } from '../../../support/recording-log.ts'
import { startRtspServer, whyNoRtspServer, type RtspServer } from '../../../support/rtsp-server.ts'
import { run, testSourceContract } from '../../../support/source-contract.ts'

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

  test('says that a name is unknown', async () => {
    const source = new LiveSource(new RtspInput(new URL('rtsp://no-such-host.invalid/x')), {
      exitOnEnd: true,
    })
    await expect(source.blocks(run()).next()).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
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

/** The arguments of every process of this machine. */
async function commandLines(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = numbers.map((number) => readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).join('\n')
}
