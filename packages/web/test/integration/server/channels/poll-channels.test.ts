import { afterEach, describe, expect, test } from '@jest/globals'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { WebServer } from '../../../../src/server/web-server.ts'
import { type WebChannel } from '../../../../src/server/channels/web-channel.ts'
import { ask, type Answer } from '../../../support/raw-http.ts'

const NAME = '0123456789abcdef'
const servers: WebServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

interface Served {
  readonly server: WebServer
  readonly channels: Recorder<WebChannel>
  readonly heard: Recorder<string>
  /** Sends a request for the channel. */
  readonly poll: (query: string, name?: string, said?: string) => Promise<Answer>
}

async function serve(maxClients = 10): Promise<Served> {
  const server = new WebServer({ port: 0, maxClients })
  servers.push(server)
  const channels = new Recorder<WebChannel>()
  const heard = new Recorder<string>()
  server.channel('/talk', (channel) => {
    channels.add(channel)
    channel.onMessage((text) => heard.add(text))
    channel.onClose(() => heard.add('closed'))
  })
  await server.listen()
  const poll = (query: string, name = NAME, said?: string): Promise<Answer> =>
    ask(
      `${server.address}/talk?${query}`,
      { 'zcast-channel': name },
      said === undefined ? 'GET' : 'POST',
      said,
    )
  return { server, channels, heard, poll }
}

async function open(served: Served): Promise<WebChannel> {
  expect((await served.poll('open')).status).toBe(204)
  const [channel] = served.channels.seen
  if (!channel) throw new Error('no channel')
  return channel
}

describe('a channel without a WebSocket', () => {
  test('brings what the browser says, and takes back what it is told, in order', async () => {
    const served = await serve()
    const channel = await open(served)
    const answer = served.poll('', NAME, '["next","clock 1"]')
    await served.heard.until((texts) => texts.length === 2)
    expect(served.heard.seen).toEqual(['next', 'clock 1'])
    channel.send('{"one":1}')
    channel.send(Uint8Array.of(1, 2, 3))
    expect(channel.bufferedBytes).toBeGreaterThan(0)
    expect(await answer).toMatchObject({ status: 200, text: '{"one":1}' })
    const second = await served.poll('')
    expect(second.headers['content-type']).toBe('application/octet-stream')
    expect([...second.body]).toEqual([1, 2, 3])
  })

  test('tells when everything was taken, and has a request wait only for a while', async () => {
    const served = await serve()
    const channel = await open(served)
    const flushed = new Recorder<string>()
    channel.onFlushed(() => flushed.add('flushed'))
    channel.send('hello')
    expect((await served.poll('')).text).toBe('hello')
    await flushed.until((times) => times.length === 1)
    expect(channel.bufferedBytes).toBe(0)
    expect((await served.poll('')).status).toBe(204)
  })

  test('lets a later request take the place of the one that waits', async () => {
    const served = await serve()
    const channel = await open(served)
    const first = served.poll('', NAME, '["one"]')
    await served.heard.until((texts) => texts.includes('one'))
    const second = served.poll('', NAME, '["two"]')
    await served.heard.until((texts) => texts.includes('two'))
    channel.send('for the second')
    expect((await first).status).toBe(204)
    expect((await second).text).toBe('for the second')
  })

  test('ends when either side says so, and gives its place back', async () => {
    const served = await serve(1)
    await open(served)
    expect((await served.poll('open', `${NAME}-2`)).status).toBe(503)
    await served.poll('close')
    expect(served.heard.seen).toEqual(['closed'])
    expect(served.server.clients).toBe(0)
    expect((await served.poll('')).status).toBe(410)
    expect((await served.poll('open', `${NAME}-2`)).status).toBe(204)
    const waiting = served.poll('', `${NAME}-2`, '["x"]')
    await served.heard.until((texts) => texts.includes('x'))
    served.channels.seen[1]?.close()
    expect((await waiting).status).toBe(410)
  })

  test.each(['', 'no json', '{}', '[1]', JSON.stringify(Array(17).fill('x')), `["${'x'.repeat(70_000)}"]`])(
    'refuses what says nothing that can be read, and goes on: %#',
    async (said) => {
      const served = await serve()
      await open(served)
      expect((await served.poll('', NAME, said)).status).toBe(400)
      const answer = served.poll('', NAME, '["still here"]')
      await served.heard.until((texts) => texts.includes('still here'))
      served.channels.seen[0]?.send('yes')
      expect((await answer).text).toBe('yes')
    },
  )

  test('takes nothing of an address, which may be in the logs of a proxy', async () => {
    const served = await serve()
    await open(served)
    const answer = served.poll('say=secret')
    served.channels.seen[0]?.send('nothing was said')
    expect((await answer).text).toBe('nothing was said')
    expect(served.heard.seen).toEqual([])
  })

  test('is cut off when it takes nothing of much', async () => {
    const served = await serve()
    const channel = await open(served)
    for (let index = 0; index < 100; index++) channel.send('more')
    expect(served.heard.seen).toEqual(['closed'])
    expect(channel.bufferedBytes).toBe(0)
  })

  test('is for the server’s own pages, and for no bare request', async () => {
    const { server } = await serve()
    const address = `${server.address}/talk?open`
    expect(await ask(address)).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } })
    const evil = { 'zcast-channel': NAME, origin: 'http://evil.example' }
    expect((await ask(address, evil)).status).toBe(403)
    expect((await ask(address, { 'zcast-channel': 'short' })).status).toBe(400)
    expect((await ask(address, { 'zcast-channel': NAME }, 'HEAD')).status).toBe(400)
    expect((await ask(`${server.address}/talk`, { 'zcast-channel': NAME })).status).toBe(410)
  })
})
