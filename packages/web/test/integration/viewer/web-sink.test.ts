import { afterEach, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { ask } from '../../support/raw-http.ts'
import { WebSink } from '../../../src/viewer/web-sink.ts'
import { readParts } from '../../support/mjpeg-client.ts'
import { closeViewers, openViewer, paint, type Viewer } from '../../support/viewer.ts'

afterEach(closeViewers)

const red = paint([255, 0, 0])
const blue = paint([0, 0, 255])

/** Asks for a snapshot and waits until the viewer has the request in hand. */
async function requestSnapshot({ address }: Viewer, query = ''): Promise<{ answer: ReturnType<typeof ask> }> {
  const answer = ask(`${address}/snapshot.jpg${query}`)
  // Requests of one client are taken up in the order in which they were made, each on its own connection.
  await ask(`${address}/healthz`)
  return { answer }
}

describe('/snapshot.jpg', () => {
  test('is a picture that comes after the request, not the one before', async () => {
    const viewer = await openViewer()
    viewer.show(await red)
    const { answer } = await requestSnapshot(viewer)
    const seq = viewer.show(await blue)
    const snapshot = await answer
    expect(snapshot.status).toBe(200)
    expect(snapshot.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-sequence': String(seq) })
    expect(snapshot.headers['x-topic']).toBe('video/main')
    expect(snapshot.body.equals(Buffer.from(await blue))).toBe(true)
  })

  test('is not one that was sent before, and comes again for who has joined', async () => {
    const viewer = await openViewer()
    const { answer } = await requestSnapshot(viewer)
    viewer.show(await red, 'video/main', true)
    const seq = viewer.show(await blue)
    expect((await answer).headers['x-sequence']).toBe(String(seq))
  })

  test('is the newest picture where one of that age will do', async () => {
    const viewer = await openViewer({ snapshotTimeoutMs: 20 })
    viewer.show(await red)
    expect((await ask(`${viewer.address}/snapshot.jpg?maxAge=1h`)).body.equals(Buffer.from(await red))).toBe(
      true,
    )
    expect((await ask(`${viewer.address}/snapshot.jpg?maxAge=0`)).status).toBe(503)
  })

  test('is refused with the reason when no picture comes', async () => {
    const viewer = await openViewer({ snapshotTimeoutMs: 20 })
    viewer.show(await red)
    expect(await ask(`${viewer.address}/snapshot.jpg`)).toMatchObject({ status: 503 })
    viewer.setState('connecting')
    expect((await ask(`${viewer.address}/snapshot.jpg`)).text).toMatch(/^there is no publisher yet/)
    viewer.setState('denied')
    expect((await ask(`${viewer.address}/snapshot.jpg`)).text).toMatch(/^the publisher refuses this viewer/)
  })

  test('comes in another size, once for all who ask for it', async () => {
    const viewer = await openViewer()
    viewer.show(await red)
    const asks = [320, 320, 16].map((width) => ask(`${viewer.address}/snapshot.jpg?maxAge=1h&width=${width}`))
    const sizes = await Promise.all(
      asks.map(async (asked) => {
        const { width, height } = await sharp((await asked).body).metadata()
        return { width, height }
      }),
    )
    expect(sizes).toEqual([
      { width: 320, height: 240 },
      { width: 320, height: 240 },
      { width: 16, height: 12 },
    ])
  })

  test('is not made in another size for who asks for the head alone', async () => {
    const viewer = await openViewer()
    const damaged = Uint8Array.from(await red)
    damaged.fill(0, damaged.length / 4, -2)
    viewer.show(damaged)
    const head = await ask(`${viewer.address}/snapshot.jpg?maxAge=1h&width=32`, {}, 'HEAD')
    expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } })
    const whole = await ask(`${viewer.address}/snapshot.jpg?maxAge=1h`, {}, 'HEAD')
    expect(whole.headers['content-length']).toBe(String(damaged.byteLength))
  })

  test('is refused in another size with a sentence where the picture cannot be decoded', async () => {
    const viewer = await openViewer()
    const damaged = Uint8Array.from(await red)
    damaged.fill(0, damaged.length / 4, -2)
    viewer.show(damaged)
    expect(await ask(`${viewer.address}/snapshot.jpg?maxAge=1h`)).toMatchObject({ status: 200 })
    const resized = await ask(`${viewer.address}/snapshot.jpg?maxAge=1h&width=32`)
    expect(resized).toMatchObject({ status: 502, text: expect.stringMatching(/^the picture is damaged/) })
  })

  test.each([
    'width=15',
    'width=4097',
    'width=-5',
    'width=1e3',
    'width=',
    'maxAge=500',
    'maxAge=-1s',
    'topic=nonsense',
  ])('refuses ?%s', async (query) => {
    const viewer = await openViewer()
    expect((await ask(`${viewer.address}/snapshot.jpg?${query}`)).status).toBe(400)
  })

  test('is of the stream that is named, or of the first one', async () => {
    const viewer = await openViewer()
    viewer.show(await red, 'video/front')
    viewer.show(await blue, 'video/back')
    const topics = ['', '&topic=video/front', '&topic=video/back'].map(async (choice) => {
      const { headers } = await ask(`${viewer.address}/snapshot.jpg?maxAge=1h${choice}`)
      return headers['x-topic']
    })
    expect(await Promise.all(topics)).toEqual(['video/front', 'video/front', 'video/back'])
  })
})

describe('the measures', () => {
  test('are in /stats.json', async () => {
    const viewer = await openViewer({ title: 'Client 7' })
    const before = await ask(`${viewer.address}/stats.json`)
    expect(JSON.parse(before.text)).toMatchObject({ title: 'Client 7', state: 'live', streams: [] })
    viewer.show(await red)
    viewer.show(await blue)
    const { streams } = JSON.parse((await ask(`${viewer.address}/stats.json`)).text) as { streams: unknown[] }
    const sizes = { width: 64, height: 48 }
    expect(streams).toMatchObject([
      { topic: 'video/main', received: 2, delivered: 2, lost: 0, skipped: 0, ...sizes },
    ])
  })

  test('are in /metrics, as Prometheus reads them', async () => {
    const viewer = await openViewer()
    viewer.show(await red)
    const { headers, text } = await ask(`${viewer.address}/metrics`)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toMatch(/^# TYPE zcast_stream_received_total counter$/m)
    expect(text).toContain('zcast_stream_received_total{topic="video/main",viewer="Client 1"} 1\n')
    expect(text).toContain('zcast_viewer_state{state="live",viewer="Client 1"} 1\n')
    for (const line of text.split('\n')) {
      expect(line).toMatch(/^(#.*|[a-z_]+(\{([a-z]+="[^"]*",?)*\})? -?[\d.e+-]+|)$/)
    }
  })

  test('say that the viewer is idle rather than that nothing comes', async () => {
    const viewer = await openViewer({ lingerMs: 0 })
    viewer.show(await red)
    await viewer.pauses.until((changes) => changes.length === 1)
    const { text } = await ask(`${viewer.address}/metrics`)
    expect(text).toContain('zcast_viewer_idle{viewer="Client 1"} 1\n')
    expect(text).toContain('zcast_stream_received_total{topic="video/main",viewer="Client 1"} 1\n')
    expect(text).not.toMatch(/^zcast_stream_(fps|silent_seconds|latency_seconds)\{/m)
    const awake = await openViewer()
    awake.show(await red)
    const measures = (await ask(`${awake.address}/metrics`)).text
    expect(measures).toContain('zcast_viewer_idle{viewer="Client 1"} 0\n')
    expect(measures).toMatch(/^zcast_stream_fps\{/m)
  })

  test('of two viewers in one process are apart', async () => {
    const [one, two] = [await openViewer(), await openViewer({ title: 'Client 2' })]
    one.show(await red)
    expect((await ask(`${two.address}/metrics`)).text).not.toContain('topic=')
  })

  test('do not hold up a health check, which needs no token', async () => {
    const { address } = await openViewer({ token: 'open-sesame-0123456789' })
    expect(await ask(`${address}/healthz`)).toMatchObject({ status: 200, text: 'ok\n' })
    expect((await ask(`${address}/stats.json`)).status).toBe(401)
    expect((await ask(`${address}/stream.mjpg`)).status).toBe(401)
    expect((await ask(`${address}/snapshot.jpg`)).status).toBe(401)
  })
})

describe('the web sink', () => {
  test('puts its title into the page, as text', async () => {
    const { address } = await openViewer({ title: `<i>"$&'` })
    const { text, headers } = await ask(address)
    expect(text).toContain('<title>&lt;i&gt;&quot;$&amp;&#39;</title>')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/)
  })

  test('serves every file its page names', async () => {
    const { address } = await openViewer()
    const { text } = await ask(address)
    const files = [...text.matchAll(/(?:src|href)="([\w./-]+\.(?:js|css|svg))"/g)].map((match) => match[1])
    expect(files).toEqual(expect.arrayContaining(['viewer/viewer.js', 'viewer/viewer.css', 'favicon.svg']))
    for (const file of files) expect((await ask(`${address}/${file}`)).status).toBe(200)
    expect((await ask(`${address}/..%2fpackage.json`)).status).toBe(404)
  })

  test('refuses to open the network without a token', () => {
    const open = (): WebSink => new WebSink({ title: 'Client 1', host: '0.0.0.0', port: 0 })
    expect(open).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('says that its port is taken', async () => {
    const { address } = await openViewer()
    const again = openViewer({ port: Number(new URL(address).port) })
    await expect(again).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE' })
  })

  test('closes twice, before it was opened, and after opening failed', async () => {
    const { sink, address } = await openViewer()
    const failed = new WebSink({ title: 'Client 1', port: Number(new URL(address).port) })
    await failed.close()
    await sink.close()
    await sink.close()
    await expect(ask(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('a viewer that nobody looks at', () => {
  test('is paused, says so, and a snapshot resumes it and waits for a picture of its own', async () => {
    const viewer = await openViewer({ lingerMs: 0 })
    viewer.show(await red)
    await viewer.pauses.until((changes) => changes.length === 1)
    expect(JSON.parse((await ask(`${viewer.address}/stats.json`)).text)).toMatchObject({ state: 'idle' })
    expect((await ask(`${viewer.address}/metrics`)).text).toContain(
      'zcast_viewer_state{state="idle",viewer="Client 1"} 1\n',
    )
    // What it has already is no reason to wake up.
    expect((await ask(`${viewer.address}/snapshot.jpg?maxAge=1h`)).status).toBe(200)
    expect(viewer.pauses.seen).toEqual(['pause'])
    const { answer } = await requestSnapshot(viewer)
    expect(viewer.pauses.seen).toEqual(['pause', 'resume'])
    viewer.show(await blue)
    expect((await answer).body.equals(Buffer.from(await blue))).toBe(true)
    await viewer.pauses.until((changes) => changes.length === 3)
  })

  test('is resumed by a reader of the stream, for as long as it reads', async () => {
    const viewer = await openViewer({ lingerMs: 0 })
    await viewer.pauses.until((changes) => changes.length === 1)
    const parts = readParts(`${viewer.address}/stream.mjpg`)
    const first = parts.next()
    await viewer.pauses.until((changes) => changes.length === 2)
    viewer.show(await red)
    await first
    expect(viewer.pauses.seen).toEqual(['pause', 'resume'])
    await parts.return(undefined)
    await viewer.pauses.until((changes) => changes.length === 3)
  })

  test.each([-1, Number.NaN, 2 ** 31])('refuses to linger %d ms', (lingerMs) => {
    const make = (): WebSink => new WebSink({ title: 'Client 1', port: 0, lingerMs })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
