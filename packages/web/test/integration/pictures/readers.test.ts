import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebSocket } from 'ws'
import { ask } from '../../support/raw-http.ts'
import { readParts } from '../../support/mjpeg-client.ts'
import { closeViewers, openViewer, paint, type Viewer } from '../../support/viewer.ts'

const sockets: { destroy(): void }[] = []
afterEach(async () => {
  jest.useRealTimers()
  for (const socket of sockets.splice(0)) socket.destroy()
  await closeViewers()
})

const red = paint([255, 0, 0])
const blue = paint([0, 0, 255])
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }

/** The kernel's buffers on both sides take some megabytes before a reader that stops is felt at all. */
const MANY = 400
const PICTURE_BYTES = 250_000

/** Opens a stream and never reads a byte of it. */
async function openStuckReader({ address }: Viewer, headers = ''): Promise<Socket> {
  const { host, hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET /stream.mjpg HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`)
  return socket
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}

async function countMjpegReaders({ address }: Viewer): Promise<number> {
  const { clients } = JSON.parse((await ask(`${address}/stats.json`)).text) as { clients: { mjpeg: number } }
  return clients.mjpeg
}

/** A JPEG of a size that fills buffers: what does not decode differs from every other one. */
async function makeLargePicture(): Promise<Uint8Array> {
  return Buffer.concat([await red, randomBytes(PICTURE_BYTES)])
}

/** What is held after collecting; buffers are given back some turns later, so it goes on until nothing more is. */
async function collectedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let least = Number.POSITIVE_INFINITY
  for (let unchanged = 0; unchanged < 5; unchanged++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
    const bytes = process.memoryUsage().arrayBuffers
    if (bytes < least) unchanged = 0
    least = Math.min(least, bytes)
  }
  return least
}

describe('/stream.mjpg', () => {
  test('is the pictures, each with its length, for programs', async () => {
    const viewer = await openViewer()
    const parts = readParts(`${viewer.address}/stream.mjpg`)
    const asked = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    viewer.show(await red)
    const first = await asked
    viewer.show(await blue)
    const second = await parts.next()
    await parts.return(undefined)
    expect(first.value?.body.equals(Buffer.from(await red))).toBe(true)
    expect(second.value?.body.equals(Buffer.from(await blue))).toBe(true)
    expect(first.value?.headers.get('content-type')).toBe('image/jpeg')
    expect(first.value?.headers.get('content-length')).toBe(String((await red).length))
  })

  test('has the head of the next part right behind each picture, for Chromium', async () => {
    const viewer = await openViewer()
    const socket = await openStuckReader(viewer, 'User-Agent: Mozilla/5.0\r\n')
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    viewer.show(await red)
    socket.resume()
    let received = ''
    const head = `--zcast-picture\r\nContent-Type: image/jpeg\r\n\r\n`
    const picture = Buffer.from(await red).toString('latin1')
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      received += chunk.toString('latin1')
      if (received.includes(`${picture}\r\n${head}`)) break
    }
    expect(received).toContain(`\r\n\r\n${head}${picture}\r\n${head}`)
    expect(received).not.toMatch(/transfer-encoding/i)
  })

  test('repeats the last picture once for WebKit, when nothing newer comes', async () => {
    const viewer = await openViewer()
    const parts = readParts(`${viewer.address}/stream.mjpg`, BROWSER)
    const asked = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    viewer.show(await red)
    const [first, repeated] = [await asked, await parts.next()]
    viewer.show(await blue)
    const third = await parts.next()
    await parts.return(undefined)
    expect(repeated.value?.body.equals(first.value?.body as Buffer)).toBe(true)
    expect(third.value?.body.equals(Buffer.from(await blue))).toBe(true)
  })

  test('shows a picture that comes just when the one before is repeated', async () => {
    const viewer = await openViewer()
    const parts = readParts(`${viewer.address}/stream.mjpg`, BROWSER)
    const first = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    const doNotFake = [
      'setImmediate',
      'setInterval',
      'nextTick',
      'queueMicrotask',
      'performance',
      'Date',
    ] as const
    jest.useFakeTimers({ doNotFake: [...doNotFake] })
    viewer.show(await red)
    await first
    jest.advanceTimersByTime(1000)
    viewer.show(await blue)
    jest.useRealTimers()
    let shown = await parts.next()
    while (!shown.value?.body.equals(Buffer.from(await blue))) shown = await parts.next()
    await parts.return(undefined)
  })

  test('begins with a picture that comes after the request, whatever was there before', async () => {
    const viewer = await openViewer()
    viewer.show(await red)
    const parts = readParts(`${viewer.address}/stream.mjpg`)
    const first = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    // What is sent again for who has just joined may be of any age as well.
    viewer.show(await red, 'video/main', true)
    viewer.show(await blue)
    expect((await first).value?.body.equals(Buffer.from(await blue))).toBe(true)
    await parts.return(undefined)
  })

  test('is not held back by a proxy, nor changed', async () => {
    const { address } = await openViewer()
    const { headers } = await ask(`${address}/stream.mjpg`, {}, 'HEAD')
    expect(headers).toMatchObject({ 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform' })
  })

  test('is of the stream that is named, whether it has begun or not', async () => {
    const viewer = await openViewer()
    viewer.show(await red, 'video/front')
    const parts = readParts(`${viewer.address}/stream.mjpg?topic=video/back`)
    const first = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    viewer.show(await red, 'video/front')
    viewer.show(await blue, 'video/back')
    expect((await first).value?.body.equals(Buffer.from(await blue))).toBe(true)
    await parts.return(undefined)
  })

  test('refuses what a page elsewhere embeds', async () => {
    const { address } = await openViewer()
    const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
    expect((await ask(`${address}/stream.mjpg`, { ...BROWSER, ...image })).status).toBe(403)
    expect((await ask(`${address}/snapshot.jpg`, { ...BROWSER, ...image })).status).toBe(403)
  })
})

describe('a reader that stops reading', () => {
  test('holds up no other reader and costs no memory', async () => {
    const viewer = await openViewer()
    await Promise.all([openStuckReader(viewer), openStuckReader(viewer, 'User-Agent: Mozilla/5.0\r\n')])
    const greedy = new WebSocket(`${viewer.address.replace('http', 'ws')}/pictures`)
    await once(greedy, 'open')
    sockets.push({ destroy: () => greedy.terminate() })
    greedy.pause()
    const parts = readParts(`${viewer.address}/stream.mjpg`)
    const first = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 3)
    const before = await collectedBytes()
    for (let index = 0; index < MANY; index++) {
      greedy.send('next')
      greedy.send(`clock ${index}`)
      const picture = await makeLargePicture()
      viewer.show(picture)
      const part = await (index === 0 ? first : parts.next())
      if (!part.value?.body.equals(Buffer.from(picture)))
        throw new Error(`picture ${index} did not come through`)
    }
    const grownBytes = (await collectedBytes()) - before
    await parts.return(undefined)
    // Each of the four may hold one picture, and the collector leaves some; a queue would hold nearly 400 of them.
    expect(grownBytes).toBeLessThan((MANY / 4) * PICTURE_BYTES)
  })

  test('is hardly behind when it goes on', async () => {
    if (process.platform !== 'linux') return
    const viewer = await openViewer()
    const socket = await openStuckReader(viewer)
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    const marked = async (mark: string): Promise<Uint8Array> =>
      Buffer.concat([await red, Buffer.from(mark), randomBytes(PICTURE_BYTES)])
    for (let index = 0; index < 60; index++) {
      viewer.show(await marked('older picture'))
      // Time for the picture to go out as far as it does.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    viewer.show(await marked('newest picture'))
    let received = ''
    socket.resume()
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      received += chunk.toString('latin1')
      if (received.includes('newest picture')) break
    }
    // One or two wait in the system here, and a small part of one in the reader's; without a bound there are dozens.
    expect(received.split('older picture').length - 1).toBeLessThanOrEqual(4)
  })

  test('is dropped after a while', async () => {
    const viewer = await openViewer({ stuckAfterMs: 100 })
    await openStuckReader(viewer)
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    const picture = await makeLargePicture()
    await until(async () => {
      viewer.show(picture)
      return (await countMjpegReaders(viewer)) === 0
    })
  })

  test('is not dropped while there is nothing to read', async () => {
    const viewer = await openViewer({ stuckAfterMs: 1 })
    const parts = readParts(`${viewer.address}/stream.mjpg`)
    const first = parts.next()
    await until(async () => (await countMjpegReaders(viewer)) === 1)
    // Longer than a reader may be stuck.
    await new Promise((resolve) => setTimeout(resolve, 20))
    viewer.show(await red)
    expect((await first).value?.body.equals(Buffer.from(await red))).toBe(true)
    await parts.return(undefined)
  })
})
