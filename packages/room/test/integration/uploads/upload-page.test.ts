import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Room } from '@zcast/room'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { generateClip } from '@zcast/testing/pictures/generate-clip'
import { until } from '@zcast/testing/waiting/until'
import type { Page } from 'playwright-core'
import type * as uploadModule from '../../../../web/assets/room/upload/film-uploads.js'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import { freePort } from '@zcast/testing/network/free-ports'
import { hasNginx, PASS_ALL, startNginx, stopNginx } from '@zcast/testing/network/nginx'

const open: (() => unknown)[] = []

// Before the folder is removed, in which the room may still write.
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

const folder = useTemporaryFolder()
const browser = useBrowser()

interface UploadPage {
  uploads: uploadModule.FilmUploads
  shown: readonly uploadModule.FilmUpload[]
  /** How much of the first was sent, over time. */
  sent: number[]
  key: string
}

declare const window: UploadPage

/** @param port - Given where the room is opened again: one that no other test gets meanwhile. */
async function openRoom(port = 0): Promise<Room> {
  const room = await Room.open({ port, bind: 'tcp://127.0.0.1:*', folder: folder() })
  open.push(() => room.close())
  return room
}

/** A page that is in the room, and comes back when it loses it. */
async function enter(address: string): Promise<Page> {
  const page = await browser.open(address)
  await page.evaluate(async () => {
    const module = './room/upload/film-uploads.js'
    const { FilmUploads } = (await import(new URL(module, document.baseURI).href)) as typeof uploadModule
    window.key = ''
    window.shown = []
    window.sent = []
    const join = (): void => {
      const socket = new WebSocket(new URL('./room', document.baseURI).href.replace('http', 'ws'))
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'join', name: 'ann' })))
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string; you: { key: string } }
        if (message.type === 'welcome') window.key = message.you.key
      })
      socket.addEventListener('close', () => setTimeout(join, 100))
    }
    join()
    window.uploads = new FilmUploads({
      key: () => window.key,
      maxBytes: () => 3_000_000,
      onChange: (shown) => {
        window.shown = shown
        window.sent.push(shown[0]?.sentBytes ?? 0)
      },
    })
  })
  await page.waitForFunction(() => window.key !== '')
  return page
}

/** Adds files as somebody who chooses them does. */
async function addFiles(page: Page, ...paths: string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.addEventListener('change', () => window.uploads.add(input.files ?? []))
    document.body.append(input)
  })
  await page.locator('input[type=file]').last().setInputFiles(paths)
}

async function makeClip(name: string, bytes = 0): Promise<string> {
  const path = await generateClip(join(folder(), name), { frames: 20 })
  if (bytes > 0) await writeFile(path, Buffer.concat([await readFile(path), randomBytes(bytes)]))
  return path
}

const sum = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

describe('uploads from a page', () => {
  test('go on after the connection was lost and after the room was started anew, byte for byte', async () => {
    if (!browser.isHere) return
    const port = await freePort()
    const room = await openRoom(port)
    const link = await SlowLink.to(room.address.replace('http', 'tcp'), Infinity)
    open.push(() => link.close())
    const page = await enter(link.endpoint.replace('tcp', 'http'))
    const network = await page.context().newCDPSession(page)
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 400_000,
    })
    const path = await makeClip('holiday.mp4', 1_500_000)
    await addFiles(page, path)
    const sent = (share: number): Promise<unknown> =>
      page.waitForFunction((least) => {
        const [upload] = window.shown
        return upload !== undefined && upload.sentBytes > least * upload.bytes
      }, share)
    await sent(0.3)
    link.cut()
    await page.waitForFunction(() => window.shown[0]?.state === 'lost')
    await sent(0.6)
    await room.close()
    await openRoom(port)
    await page.waitForFunction(() => window.shown[0]?.state === 'done')
    // It went on, less what had been on the way, and did not begin anew.
    const sizes = await page.evaluate(() => window.sent)
    const most = sizes.findIndex((size) => size > 0.55 * 1_500_000)
    expect(Math.min(...sizes.slice(most))).toBeGreaterThan(0.2 * 1_500_000)
    expect(await readdir(join(folder(), 'uploads', '.zcast-uploads'))).toEqual([])
    expect(await sum(join(folder(), 'uploads', 'holiday.mp4'))).toBe(await sum(path))
  })

  test('say why one is refused, while the others go on; can be paused, resumed and removed', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enter(room.address)
    const notes = join(folder(), 'notes.mp4')
    await writeFile(notes, 'no video\n')
    const large = join(folder(), 'large.mp4')
    await writeFile(large, Buffer.alloc(3_000_001))
    await addFiles(page, notes, large, await makeClip('one.mp4'), await makeClip('two.mp4'))
    await page.evaluate(() => window.uploads.pause(4))
    await page.waitForFunction(
      () => window.shown[2]?.state === 'done' && window.shown[0]?.state === 'refused',
    )
    const shown = await page.evaluate(() => window.uploads.uploads)
    expect(shown).toMatchObject([
      {
        name: 'notes.mp4',
        state: 'refused',
        reason: expect.stringMatching(/^Cannot read "notes\.mp4" as a video/),
      },
      { name: 'large.mp4', state: 'refused', reason: 'The file is too large: the room takes up to 3 MiB.' },
      { name: 'one.mp4', state: 'done', reason: '' },
      { name: 'two.mp4', state: 'paused' },
    ])
    await page.evaluate(() => window.uploads.resume(4))
    await page.waitForFunction(() => window.shown[3]?.state === 'done')
    await page.evaluate(() => window.uploads.remove(1))
    expect((await page.evaluate(() => window.uploads.uploads)).map(({ id }) => id)).toEqual([2, 3, 4])
    expect((await readdir(join(folder(), 'uploads'))).toSorted()).toEqual([
      '.zcast-uploads',
      'one.mp4',
      'two.mp4',
    ])
  })

  test('go on behind nginx, which answers 502 while the room is away, and say that it lets no large file through', async () => {
    if (!browser.isHere || !(await hasNginx())) return
    const port = await freePort()
    const room = await openRoom(port)
    const pass = `proxy_pass http://127.0.0.1:${port}/; ${PASS_ALL}`
    const nginx = await startNginx({
      locations: `location / { ${pass} client_max_body_size 0; proxy_request_buffering off; } location /small/ { ${pass} }`,
    })
    open.push(() => stopNginx())
    const page = await enter(nginx)
    const network = await page.context().newCDPSession(page)
    const upload = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 }
    await network.send('Network.emulateNetworkConditions', upload)
    const path = await makeClip('holiday.mp4', 1_500_000)
    await addFiles(page, path)
    await page.waitForFunction(() => (window.shown[0]?.sentBytes ?? 0) > 900_000)
    const heads: number[] = []
    page.on('response', (response) => {
      if (response.request().method() === 'HEAD') heads.push(response.status())
    })
    await room.close()
    await until(() => heads.includes(502))
    await openRoom(port)
    await page.waitForFunction(() => window.shown[0]?.state === 'done')
    const sizes = await page.evaluate(() => window.sent)
    expect(Math.min(...sizes.slice(sizes.findIndex((size) => size > 900_000)))).toBeGreaterThan(400_000)
    expect(await sum(join(folder(), 'uploads', 'holiday.mp4'))).toBe(await sum(path))

    const small = await enter(`${nginx}/small/`)
    await addFiles(small, path)
    await small.waitForFunction(() => window.shown[0]?.state === 'refused')
    expect(await small.evaluate(() => window.shown[0]?.reason)).toBe(
      'A proxy in front of the room does not let files of this size through.',
    )
  })
})
