import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect } from 'node:net'
import { HttpRefusal, sendText, WebServer, type WebServerOptions } from '../../../src/web/index.ts'
import { ask, openSocket } from './raw-http.ts'

const servers: WebServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
  const server = new WebServer({ port: 0, ...options })
  servers.push(server)
  server.route('/', (exchange) => sendText(exchange, 'text/html', '<p>page</p>'), { page: true })
  server.route('/data', (exchange) => sendText(exchange, 'text/plain', 'data'))
  server.route('/endless', ({ response }) => void response.write('begun'), { lasting: true })
  server.route('/refused', () => Promise.reject(new HttpRefusal(503, 'not now')))
  server.route('/broken', () => Promise.reject(new Error('secret inside')))
  server.channel('/echo', (channel) => channel.onMessage((text) => channel.send(text)))
  await server.listen()
  return server
}

describe('a web server', () => {
  test('gives its address with the port that was free', async () => {
    const { address } = await serve()
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/)
    expect((await ask(`${address}/data`)).text).toBe('data')
  })

  test('sends security headers with everything, refusals too', async () => {
    const { address } = await serve()
    for (const path of ['/', '/data', '/nothing', '/refused', '/broken']) {
      const { headers } = await ask(address + path)
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
      )
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cross-origin-resource-policy']).toBe('same-origin')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('says in one sentence why it refuses, and nothing of its own faults', async () => {
    const { address } = await serve()
    expect(await ask(`${address}/refused`)).toMatchObject({ status: 503, text: 'not now\n' })
    const broken = await ask(`${address}/broken`)
    expect(broken.status).toBe(500)
    expect(broken.text).not.toContain('secret')
    expect((await ask(`${address}/nothing`)).status).toBe(404)
  })

  test('answers HEAD without a body, other methods with 405, and reads no body', async () => {
    const { address } = await serve()
    expect(await ask(`${address}/data`, {}, 'HEAD')).toMatchObject({ status: 200, text: '' })
    const posted = await ask(`${address}/data`, {}, 'POST', 'body')
    expect(posted.status).toBe(405)
    expect(posted.headers).toMatchObject({ allow: 'GET, HEAD', connection: 'close' })
  })

  test('refuses headers that are too large, and targets that are no path', async () => {
    const { address } = await serve()
    expect((await ask(`${address}/data`, { 'x-large': 'x'.repeat(20_000) })).status).toBe(431)
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const { host } = new URL(address)
    socket.end(`GET http://evil.example/data HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
    socket.destroy()
  })

  test('refuses a name that was pointed at it, for pages, data and WebSockets', async () => {
    const { address } = await serve()
    const { port } = new URL(address)
    const host = `rebound.example:${port}`
    expect((await ask(address, { host })).status).toBe(403)
    expect((await ask(`${address}/data`, { host })).status).toBe(403)
    expect(await openSocket(`${address}/echo`, { host })).toBe(403)
  })

  test('refuses pages of another origin, by HTTP and by WebSocket', async () => {
    const { address } = await serve()
    for (const origin of ['http://evil.example', 'http://127.0.0.1:1', 'null']) {
      expect((await ask(`${address}/data`, { origin })).status).toBe(403)
      expect(await openSocket(`${address}/echo`, { origin })).toBe(403)
    }
    expect((await ask(`${address}/data`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  test('serves WebSockets of its own pages, and bounds what they send', async () => {
    const { address } = await serve()
    const socket = await openSocket(`${address}/echo`, { origin: address })
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
    socket.send('hello')
    const [message] = (await once(socket, 'message')) as [Buffer]
    expect(message.toString()).toBe('hello')
    socket.send('x'.repeat(2000))
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1009)
  })

  test('answers one lasting client too many with 503, but short requests still', async () => {
    const { address } = await serve({ maxClients: 2 })
    const first = await openSocket(`${address}/echo`)
    const second = await openSocket(`${address}/echo`)
    expect([typeof first, typeof second]).toEqual(['object', 'object'])
    expect(await openSocket(`${address}/echo`)).toBe(503)
    expect((await ask(`${address}/endless`)).status).toBe(503)
    expect((await ask(`${address}/data`)).status).toBe(200)
  })

  test('ends lasting answers and WebSockets when it closes, and frees the port', async () => {
    const server = await serve()
    const { address } = server
    const socket = await openSocket(`${address}/echo`)
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
    const endless = ask(`${address}/endless`)
    endless.catch(() => {})
    const closed = once(socket, 'close') as Promise<[number]>
    // The lasting answer is counted once its request has arrived.
    while (server.clients < 2) await new Promise((resolve) => setImmediate(resolve))
    await server.close()
    expect((await closed)[0]).toBe(1001)
    await expect(endless).rejects.toMatchObject({ code: 'ECONNRESET' })
    await server.close()
    const again = await serve({ port: Number(new URL(address).port) })
    expect(again.address).toBe(address)
  })

  test('says which address is taken and what to do', async () => {
    const { address } = await serve()
    const taken = serve({ port: Number(new URL(address).port) })
    await expect(taken).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE', endpoint: address })
    await expect(taken).rejects.toThrow(new RegExp(`^cannot listen on ${address}: .* --port`))
  })

  test('says when the address is not of this machine', async () => {
    const foreign = serve({ host: '192.0.2.1', noToken: true })
    await expect(foreign).rejects.toMatchObject({ code: 'ERR_ADDRESS_UNAVAILABLE' })
  })
})

describe('a web server with a token', () => {
  test('lets in only those who know it', async () => {
    const { address } = await serve({ token: 'sesame' })
    const refused = await ask(`${address}/data`)
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer/)
    expect(await openSocket(`${address}/echo`)).toBe(401)
    expect((await ask(`${address}/data?token=sesame`)).text).toBe('data')
    expect((await ask(`${address}/data`, { authorization: 'Bearer sesame' })).text).toBe('data')
    expect(typeof (await openSocket(`${address}/echo?token=sesame`))).toBe('object')
  })

  test('takes the token out of a page’s address into a cookie', async () => {
    const { address } = await serve({ token: 'sesame' })
    const answer = await ask(`${address}/?token=sesame&topic=video/main`)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/?topic=video%2Fmain')
    const cookie = answer.headers['set-cookie']?.[0] ?? ''
    expect(cookie).toMatch(/^zcast-\d+=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain('sesame')
    const [pair = ''] = cookie.split(';')
    expect((await ask(`${address}/data`, { cookie: pair })).status).toBe(200)
    expect(typeof (await openSocket(`${address}/echo`, { cookie: pair }))).toBe('object')
  })

  test('asks a person in a form, and reloads a page that was reached by a link from elsewhere', async () => {
    const { address } = await serve({ token: 'sesame' })
    const form = await ask(address, { accept: 'text/html' })
    expect(form.status).toBe(401)
    expect(form.text).toContain('<input name="token"')
    const accept = { accept: 'text/html', 'sec-fetch-site': 'cross-site' }
    const link = { ...accept, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const landed = await ask(`${address}/?token=sesame`, link)
    expect(landed.status).toBe(200)
    expect(landed.text).toContain('http-equiv="refresh" content="0; url=/"')
  })
})
