import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { WebSocket } from 'ws'
import { ask, openSocket } from '../../support/raw-http.ts'
import { WebSink, type WebSinkOptions } from '../../../src/viewer/web-sink.ts'
import { readParts } from '../../support/mjpeg-client.ts'
import { closeViewers, openViewer, paint, type Viewer } from '../../support/viewer.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await closeViewers()
  await Promise.all(closing.splice(0).map((close) => close()))
})

const red = paint([255, 0, 0])

/** Somebody's application on `node:http`, with a viewer in it. @returns Its address. */
async function openApplication(
  { sink }: Pick<Viewer, 'sink'>,
  mount: (request: IncomingMessage) => void = () => undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    mount(request)
    if (!sink.handler(request, response)) response.end('the rest of the application')
  })
  server.on('upgrade', (request, socket, head) => {
    if (!sink.upgrade(request, socket, head)) socket.end('HTTP/1.1 418 Mine\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function open(options: Partial<WebSinkOptions> = {}): Promise<{ viewer: Viewer; address: string }> {
  const viewer = await openViewer({ port: undefined, path: '/cam/', ...options })
  return { viewer, address: await openApplication(viewer) }
}

/** Shows pictures until something has come of it. */
async function showUntil<Result>(viewer: Viewer, result: Promise<Result>): Promise<Result> {
  const picture = await red
  const timer = setInterval(() => viewer.show(picture), 5)
  return result.finally(() => clearInterval(timer))
}

describe("a viewer in somebody's server", () => {
  test('answers below its path, and leaves the rest alone', async () => {
    const { viewer, address } = await open()
    expect(viewer.address).toBe('/cam/')
    expect(await ask(`${address}/cam/`)).toMatchObject({
      status: 200,
      text: expect.stringContaining('<html'),
    })
    expect(await ask(`${address}/cam/viewer/viewer.js`)).toMatchObject({ status: 200 })
    expect(JSON.parse((await ask(`${address}/cam/stats.json`)).text)).toMatchObject({ title: 'Client 1' })
    expect((await ask(`${address}/camera`)).text).toBe('the rest of the application')
    expect((await ask(`${address}/`)).text).toBe('the rest of the application')
    expect(await openSocket(`${address}/pictures`)).toBe(418)
  })

  test('sends who left out the last slash to the page', async () => {
    const { address } = await open()
    const answer = await ask(`${address}/cam?topic=video/main`)
    expect(answer).toMatchObject({ status: 308, headers: { location: './cam/?topic=video/main' } })
  })

  test('shows pictures through a WebSocket and as a stream, under any name of the server', async () => {
    const { viewer, address } = await open()
    const socket = (await openSocket(`${address}/cam/pictures`, { Host: 'app.example.com' })) as WebSocket
    const picture = new Promise<Buffer>((resolve) => {
      socket.on('message', (data, isBinary) => isBinary && resolve(data as Buffer))
    })
    socket.send('next')
    viewer.show(await red)
    expect((await picture).includes(Buffer.from(await red))).toBe(true)
    socket.close()
    const parts = readParts(`${address}/cam/stream.mjpg`)
    const part = await showUntil(viewer, parts.next())
    expect(part.value?.body.equals(Buffer.from(await red))).toBe(true)
    await parts.return(undefined)
  })

  test('asks for the token where it was given one, and keeps the cookie below its path', async () => {
    const { address } = await open({ token: 'a-long-enough-token' })
    expect(await ask(`${address}/cam/stats.json`)).toMatchObject({ status: 401 })
    expect(await openSocket(`${address}/cam/pictures`)).toBe(401)
    const signedIn = await ask(`${address}/cam/?token=a-long-enough-token`, { 'Sec-Fetch-Site': 'none' })
    expect(signedIn).toMatchObject({ status: 303, headers: { location: './' } })
    expect(String(signedIn.headers['set-cookie'])).not.toContain('Path=/;')
  })

  test('keeps pages of other sites out', async () => {
    const { address } = await open()
    const foreign = { Origin: 'https://elsewhere.example' }
    expect(await ask(`${address}/cam/stats.json`, foreign)).toMatchObject({ status: 403 })
    expect(await openSocket(`${address}/cam/pictures`, foreign)).toBe(403)
  })

  test('works where the framework has taken the path off, as Express does', async () => {
    const viewer = await openViewer({ port: undefined })
    const address = await openApplication(viewer, (request) => {
      const { url = '' } = request
      const rest = url.replace(/^\/cam/, '')
      Object.assign(request, { originalUrl: url, url: rest.startsWith('/') ? rest : `/${rest}` })
    })
    expect(await ask(`${address}/cam/stats.json`)).toMatchObject({ status: 200 })
    expect(await ask(`${address}/cam/`)).toMatchObject({ status: 200 })
    expect(await ask(`${address}/cam`)).toMatchObject({ status: 308, headers: { location: './cam/' } })
  })

  test('is not there before it is opened and after it is closed, and its end ends its streams', async () => {
    const sink = new WebSink({ title: 'Later', path: '/cam/' })
    const before = await openApplication({ sink })
    expect(await ask(`${before}/cam/`)).toMatchObject({ status: 503 })
    const { viewer, address } = await open()
    const parts = readParts(`${address}/cam/stream.mjpg`)
    await showUntil(viewer, parts.next())
    const socket = (await openSocket(`${address}/cam/pictures`)) as WebSocket
    const isEnded = new Promise((resolve) => socket.on('close', resolve))
    await viewer.sink.close()
    await isEnded
    const readOn = async (): Promise<void> => {
      while (!(await parts.next()).done);
    }
    // In good order, or cut off.
    await readOn().catch(() => undefined)
    expect(await ask(`${address}/cam/`)).toMatchObject({ status: 503 })
    expect(await openSocket(`${address}/cam/pictures`)).toBe(503)
    expect((await ask(`${address}/`)).text).toBe('the rest of the application')
  })

  test.each<[string, Partial<WebSinkOptions>]>([
    ['a path that is none', { path: 'cam' }],
    ['a path beside a port of its own', { port: 0, path: '/cam/' }],
  ])('refuses %s', (_, options) => {
    expect(() => new WebSink({ title: 'Client 1', ...options })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})
