import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { freePort } from '@zcast/testing/network/free-ports'
import { HttpRefusal } from '../../../src/server/http-refusal.ts'
import { WebServer } from '../../../src/server/web-server.ts'
import { sendText } from '../../../src/server/exchange.ts'
import { type WebServerOptions } from '../../../src/server/web-server-options.ts'
import { ask, openSocket } from '../../support/raw-http.ts'

const SECRET = 'open-sesame-0123456789'
const servers: WebServer[] = []
const sockets: Socket[] = []
const warnings: { message: string; key: string | undefined }[] = []
const log = {
  error: () => {},
  warning: (message: string, _cause?: unknown, key?: string) => void warnings.push({ message, key }),
  close: () => {},
}

afterEach(async () => {
  warnings.length = 0
  for (const socket of sockets.splice(0)) socket.destroy()
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
  await server.listen(log)
  return server
}

/** Sends bytes as they are. @returns All that comes back until the end. */
async function sendRaw(address: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  sockets.push(socket)
  socket.write(bytes)
  let received = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) received += chunk.toString()
  return received
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
        /default-src 'none'; script-src 'self';.*frame-ancestors 'self'$/,
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
    const message = 'a request for /broken could not be answered'
    expect(warnings).toEqual([{ message: `${message}: secret inside`, key: message }])
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
    const port = await freePort()
    const server = await serve({ port })
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
    const again = await serve({ port })
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
    const { address } = await serve({ token: SECRET })
    const refused = await ask(`${address}/data`)
    expect(refused.status).toBe(401)
    expect(await openSocket(`${address}/echo`)).toBe(401)
    expect((await ask(`${address}/data?token=${SECRET}`)).text).toBe('data')
    expect((await ask(`${address}/data`, { authorization: `Bearer ${SECRET}` })).text).toBe('data')
    expect(typeof (await openSocket(`${address}/echo?token=${SECRET}`))).toBe('object')
  })

  test('takes the token out of a page’s address into a cookie', async () => {
    const { address } = await serve({ token: SECRET })
    const answer = await ask(`${address}/?token=${SECRET}&topic=video/main`)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('./?topic=video%2Fmain')
    const cookie = answer.headers['set-cookie']?.[0] ?? ''
    expect(cookie).toMatch(/^zcast-\d+=[\w-]+; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(SECRET)
    const [pair = ''] = cookie.split(';')
    expect((await ask(`${address}/data`, { cookie: pair })).status).toBe(200)
    expect(typeof (await openSocket(`${address}/echo`, { cookie: pair }))).toBe('object')
  })

  test('is opened once by a link in place of the token, which leaves a cookie', async () => {
    const server = await serve({ token: SECRET })
    const { address } = server
    const link = server.oneTimeAddress()
    expect(link).toMatch(new RegExp(`^${address}/\\?once=[\\w-]{16}$`))
    expect(server.oneTimeAddress()).not.toBe(link)
    const landed = await ask(`${link}&topic=video/main`)
    expect(landed).toMatchObject({ status: 303, headers: { location: './?topic=video%2Fmain' } })
    const [cookie = ''] = landed.headers['set-cookie']?.[0]?.split(';') ?? []
    expect((await ask(`${address}/data`, { cookie })).status).toBe(200)
    // Who has come in may go back to the link.
    expect(await ask(link, { cookie })).toMatchObject({ status: 303, headers: { location: './' } })
    const again = await ask(link, { accept: 'text/html' })
    expect(again.status).toBe(401)
    expect(again.text).toContain('role="alert">This link opened the page once, or is too old.')
    expect(again.text).not.toContain(link.slice(link.indexOf('once=') + 5))
    expect(again.headers['set-cookie']).toBeUndefined()
    // An old link is no attack.
    expect(warnings).toEqual([])
  })

  test('a link in place of the token is not used up by what could not open the page', async () => {
    const server = await serve({ token: SECRET, allowedOrigins: ['http://grafana.lan:3000'] })
    const { address } = server
    const link = server.oneTimeAddress()
    const query = link.slice(link.indexOf('?'))
    expect((await ask(`${address}/data${query}`)).status).toBe(401)
    expect(await openSocket(`${address}/echo${query}`)).toBe(401)
    const frame = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
    expect((await ask(link, frame)).status).toBe(401)
    expect((await ask(link, { origin: 'http://grafana.lan:3000' })).status).toBe(401)
    expect((await ask(link, { host: 'rebound.example' })).status).toBe(403)
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(401)
    expect((await ask(link)).status).toBe(303)
  })

  test('a link that was never given out counts as a wrong token', async () => {
    const { address } = await serve({ token: SECRET })
    expect((await ask(`${address}/?once=0123456789abcdef`)).status).toBe(401)
    expect(warnings).toMatchObject([{ key: 'wrong token' }])
    expect(JSON.stringify(warnings)).not.toContain('0123456789abcdef')
  })

  test('needs no such link without a token', async () => {
    const server = await serve()
    expect(server.oneTimeAddress()).toBe(server.address)
  })

  test('asks a person in a form, and reloads a page that was reached by a link from elsewhere', async () => {
    const { address } = await serve({ token: SECRET })
    const form = await ask(address, { accept: 'text/html' })
    expect(form.status).toBe(401)
    expect(form.text).toMatch(/<input id="token" name="token" type="password"/)
    expect(form.text).not.toContain('role="alert"')
    const accept = { accept: 'text/html', 'sec-fetch-site': 'cross-site' }
    const link = { ...accept, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const landed = await ask(`${address}/?token=${SECRET}`, link)
    expect(landed.status).toBe(200)
    expect(landed.text).toContain('http-equiv="refresh" content="0; url=./"')
  })

  test('says in the form that a token was wrong, keeps the rest of the address, and tells nothing back', async () => {
    const { address } = await serve({ token: SECRET })
    const path = '/?token=wrong-wrong-wrong&topic=video%2F%22%3E%3Cb%3E'
    const form = await ask(address + path, { accept: 'text/html' })
    expect(form.status).toBe(401)
    expect(form.text).toContain('role="alert">That token is not the right one.')
    expect(form.text).toContain('<input type="hidden" name="topic" value="video/&quot;&gt;&lt;b&gt;">')
    expect(form.text).not.toContain('wrong-wrong')
    expect(warnings).toEqual([
      { message: expect.stringMatching(/wrong token .* from 127\.0\.0\.1/), key: 'wrong token' },
    ])
  })

  test('has a browser that came by a link ask again, for its cookie does not come along with a link', async () => {
    const { address } = await serve({ token: SECRET })
    const accept = { accept: 'text/html' }
    const link = {
      ...accept,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const reload = 'http-equiv="refresh" content="0; url=./data?x=1"'
    expect((await ask(`${address}/data?x=1`, link)).text).toContain(reload)
    expect(
      (await ask(`${address}/data?x=1`, { ...accept, referer: 'http://prometheus.lan/' })).text,
    ).toContain(reload)
    expect((await ask(`${address}/data?x=1`, { ...link, 'sec-fetch-site': 'same-origin' })).text).toContain(
      '<form>',
    )
    expect((await ask(`${address}/data?x=1`, accept)).text).toContain('<form>')
  })

  test('asks programs for a name and a password, but browsers have a form', async () => {
    const { address } = await serve({ token: SECRET })
    const challenge = async (headers: Record<string, string>): Promise<string> =>
      String((await ask(`${address}/data`, headers)).headers['www-authenticate'])
    expect(await challenge({})).toBe('Basic realm="zcast", Bearer realm="zcast"')
    expect(await challenge({ 'user-agent': 'Mozilla/5.0' })).toBe('Bearer realm="zcast"')
    const { host } = new URL(address)
    expect((await ask(`http://me:${SECRET}@${host}/data`)).text).toBe('data')
  })

  test('keeps the token in the address of a frame, where no cookie would be kept', async () => {
    const allowedOrigins = ['http://grafana.lan:3000']
    const { address } = await serve({ token: SECRET, allowedOrigins })
    const frame = {
      accept: 'text/html',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    }
    expect(await ask(`${address}/?token=${SECRET}`, frame)).toMatchObject({
      status: 200,
      text: '<p>page</p>',
    })
    const insecure = { accept: 'text/html', referer: 'http://grafana.lan:3000/' }
    expect(await ask(`${address}/?token=${SECRET}`, insecure)).toMatchObject({
      status: 200,
      text: '<p>page</p>',
    })
  })

  test('slows down who guesses, and lets in who has the right one all the while', async () => {
    const { address } = await serve({ token: SECRET })
    const guesses = Array.from({ length: 60 }, (_, index) =>
      ask(`${address}/data?token=guess-0123456789-${index}`),
    )
    const right = await ask(`${address}/data?token=${SECRET}`, { 'x-forwarded-for': '192.168.1.8' })
    expect(right.status).toBe(200)
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    // Three at once, eight after a second, the rest not looked at.
    expect(statuses.filter((status) => status === 401)).toHaveLength(11)
    expect(statuses.filter((status) => status === 429)).toHaveLength(49)
  })
})

describe('a web server that is abused', () => {
  test('answers who asks at once, however many connections ask for nothing, and says so', async () => {
    const { address } = await serve()
    const port = Number(new URL(address).port)
    const closed: Promise<unknown>[] = []
    for (let index = 0; index < 400; index++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      sockets.push(socket)
      closed.push(once(socket, 'close'))
      if (index % 50 === 0) expect((await ask(`${address}/data`)).status).toBe(200)
    }
    await Promise.race(closed)
    expect((await ask(`${address}/data`)).status).toBe(200)
    expect(new Set(warnings.map(({ key }) => key))).toEqual(new Set(['silent connections']))
  })

  test('keeps the WebSockets that it has through a storm of connections', async () => {
    const { address } = await serve()
    const socket = await openSocket(`${address}/echo`)
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
    const storm = Array.from({ length: 200 }, () => connect(Number(new URL(address).port), '127.0.0.1'))
    for (const one of storm) one.on('error', () => {})
    sockets.push(...storm)
    await Promise.race(storm.map((one) => once(one, 'close')))
    socket.send('still there')
    const [message] = (await once(socket, 'message')) as [Buffer]
    expect(message.toString()).toBe('still there')
  })

  test('answers an offer of another protocol in HTTP/1.1', async () => {
    const { address } = await serve()
    const head = `GET /data HTTP/1.1\r\nHost: ${new URL(address).host}\r\n`
    const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
    const answer = await sendRaw(address, `${head}${offer}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\n\r\ndata$/)
  })

  test('refuses two Host headers, for a request and for a WebSocket', async () => {
    const { address } = await serve()
    const { host } = new URL(address)
    const head = `GET /echo HTTP/1.1\r\nHost: ${host}\r\nhost: ${host}\r\n`
    expect(await sendRaw(address, `${head}\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
    expect(await sendRaw(address, `${head}${upgrade}${key}\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('says what a proxy has to do that serves it below a path', async () => {
    const { address } = await serve()
    expect((await ask(`${address}/cam1/data`)).text).toMatch(/must remove that path/)
    expect((await ask(`${address}/nothing`)).text).toBe('there is nothing here\n')
  })
})

describe('a page elsewhere', () => {
  const origin = 'http://grafana.lan:3000'

  test('that was allowed reads, embeds, and may send the token', async () => {
    const { address } = await serve({ allowedOrigins: [origin], token: SECRET })
    const preflight = {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    }
    const asked = await ask(`${address}/data`, preflight, 'OPTIONS')
    expect(asked.status).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'Authorization',
    })
    const { status, headers } = await ask(`${address}/data`, { origin, authorization: `Bearer ${SECRET}` })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    })
    expect(headers['content-security-policy']).toContain(`frame-ancestors 'self' ${origin}`)
  })

  test('that was not allowed gets nothing, by any way', async () => {
    const { address } = await serve({ allowedOrigins: [origin] })
    const evil = { origin: 'http://evil.example' }
    expect((await ask(`${address}/data`, evil, 'OPTIONS')).status).toBe(405)
    expect(await ask(`${address}/data`, evil)).toMatchObject({
      status: 403,
      text: expect.stringContaining('--allow-origin http://evil.example'),
    })
    expect(await openSocket(`${address}/echo`, evil)).toBe(403)
    const plain = await ask(`${address}/data`, { referer: 'http://evil.example/' })
    expect(plain.headers['cross-origin-resource-policy']).toBe('same-origin')
  })
})
