/// <reference lib="dom" />
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { ask } from '../../support/raw-http.ts'
import type { ReaderReport } from '../../../src/pictures/reader-credit.ts'
import { useBrowser } from '../../support/browser.ts'
import { readParts } from '../../support/mjpeg-client.ts'
import { hasNginx, PASS_ALL, startNginx, stopNginx } from '@zcast/testing/network/nginx'
import { closeViewers, openViewer, paint, type Viewer } from '../../support/viewer.ts'

/** So many bytes a second carry about four of thirty pictures a second. */
const BYTES_A_SECOND = 300_000
const PICTURE_BYTES = 70_000
const PICTURES = 12

const browser = useBrowser()
let canProxy = false
const links: SlowLink[] = []
const ends: (() => void)[] = []
beforeAll(async () => {
  canProxy = await hasNginx()
})
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await Promise.all(links.splice(0).map((link) => link.close()))
  await stopNginx()
  await closeViewers()
})

/** Shows thirty large pictures a second until the end of the test. */
async function showPictures(viewer: Viewer): Promise<void> {
  const picture = Buffer.concat([await paint([255, 0, 0]), randomBytes(PICTURE_BYTES)])
  const showing = setInterval(() => viewer.show(picture), 33)
  ends.push(() => clearInterval(showing))
}

/** @returns The same address at the other end of a slow network. */
async function behindSlowLink(address: string): Promise<string> {
  const link = await SlowLink.to(address, BYTES_A_SECOND)
  links.push(link)
  return link.endpoint.replace('tcp:', 'http:')
}

async function readAccount({ address }: Viewer): Promise<ReaderReport> {
  const { readers } = JSON.parse((await ask(`${address}/stats.json`)).text) as { readers: ReaderReport[] }
  const [account] = readers
  if (!account) throw new Error('there is no reader')
  return account
}

interface Reading {
  /** By number, of those that came. */
  readonly numbers: readonly number[]
  /** After each, how many had been sent that had not come. */
  readonly onTheirWay: readonly number[]
}

/** Reads as the page does: tells each picture that has come. */
async function readWebSocket(address: string, viewer: Viewer): Promise<Reading> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/pictures`)
  ends.push(() => socket.terminate())
  await once(socket, 'open')
  const numbers: number[] = []
  const onTheirWay: number[] = []
  socket.send('next')
  while (numbers.length < PICTURES) {
    const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean]
    if (!isBinary) continue
    numbers.push(data.readDoubleLE(32))
    onTheirWay.push((await readAccount(viewer)).sent - numbers.length)
    socket.send(`next ${numbers.at(-1)}`)
  }
  return { numbers, onTheirWay }
}

function expectFresh({ numbers, onTheirWay }: Reading): void {
  // One, and now and then a second one, in case there is room; without acknowledgements megabytes are on their way.
  expect(Math.max(...onTheirWay)).toBeLessThanOrEqual(1)
  expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBeGreaterThan(2 * PICTURES)
}

describe('a reader behind a network that carries a tenth of the stream', () => {
  test('has one picture or two on their way, and is told what it does not get', async () => {
    const viewer = await openViewer()
    await showPictures(viewer)
    const reading = await readWebSocket(await behindSlowLink(viewer.address), viewer)
    expectFresh(reading)
    const account = await readAccount(viewer)
    expect(account).toMatchObject({ kind: 'websocket', topic: 'video/main' })
    expect(account.network?.carried).toBeLessThan((account.network?.wanted as number) / 2)
    expect(account.withheld).toBeGreaterThan(PICTURES)
    const { text } = await ask(`${viewer.address}/metrics`)
    expect(text).toMatch(/^zcast_viewer_withheld_total\{kind="websocket".*\} [1-9]/m)
    expect(text).toMatch(/^zcast_viewer_sent_total\{kind="mjpeg".*\} 0$/m)
  })

  test('has no more on their way behind nginx, which passes on whatever it is given', async () => {
    if (!canProxy) return
    const viewer = await openViewer()
    await showPictures(viewer)
    const nginx = await startNginx({ locations: `location / { proxy_pass ${viewer.address}; ${PASS_ALL} }` })
    expectFresh(await readWebSocket(await behindSlowLink(nginx), viewer))
  })

  test('that acknowledges nothing has a few on their way', async () => {
    if (process.platform !== 'linux') return
    const viewer = await openViewer()
    await showPictures(viewer)
    const parts = readParts(`${await behindSlowLink(viewer.address)}/stream.mjpg`)
    let received = 0
    let withheld = 0
    const onTheirWay: number[] = []
    for await (const _ of parts) {
      received += 1
      const account = await readAccount(viewer)
      onTheirWay.push(account.sent - received)
      withheld = account.withheld
      if (received === PICTURES) break
    }
    // Three at the most here, and what the link itself holds; the system alone would take dozens.
    expect(Math.max(...onTheirWay)).toBeLessThanOrEqual(6)
    expect(withheld).toBeGreaterThan(PICTURES)
  })

  test('takes nothing from one on this machine', async () => {
    const viewer = await openViewer()
    const [slow, near] = [await behindSlowLink(viewer.address), viewer.address]
    const socket = new WebSocket(`${slow.replace('http', 'ws')}/pictures`)
    ends.push(() => socket.terminate())
    await once(socket, 'open')
    socket.on('message', (_, isBinary) => {
      if (isBinary) socket.send('next')
    })
    socket.send('next')
    const neighbour = new WebSocket(`${near.replace('http', 'ws')}/pictures`)
    ends.push(() => neighbour.terminate())
    await once(neighbour, 'open')
    neighbour.send('next')
    const picture = Buffer.concat([await paint([255, 0, 0]), randomBytes(PICTURE_BYTES)])
    for (let number = 1; number <= 60; number++) {
      const came = once(neighbour, 'message') as Promise<[Buffer, boolean]>
      viewer.show(picture)
      let [data, isBinary] = await came
      while (!isBinary) [data, isBinary] = (await once(neighbour, 'message')) as [Buffer, boolean]
      expect(data.readDoubleLE(32)).toBe(number)
      neighbour.send(`next ${number}`)
    }
  })

  test('says on its page what the network carries, while that is too little', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer()
    await showPictures(viewer)
    const page = await browser.newPage()
    ends.push(() => void page.close())
    await page.goto(await behindSlowLink(viewer.address), { waitUntil: 'domcontentloaded' })
    const state = page.locator('#state', { hasText: /^Slow: \d+ of \d+$/ })
    await state.waitFor()
    expect(await state.getAttribute('title')).toMatch(
      /^The network carries \d+ of \d+ pictures a second: send smaller ones/,
    )
    for (const link of links) link.bytesASecond = Number.POSITIVE_INFINITY
    await page.locator('#state', { hasText: /^Live$/ }).waitFor()
  })
})
