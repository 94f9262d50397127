/// <reference lib="dom" />
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import type { Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.ts'
import { readParts } from '../../support/mjpeg-client.ts'
import { hasNginx, PASS_ALL, startNginx, stopNginx } from '@zcast/testing/network/nginx'
import { closeViewers, openViewer, paint, untilStreamIsRead, type Viewer } from '../../support/viewer.ts'

const SECRET = 'open-sesame-0123456789'
const red = paint([255, 0, 0])
const blue = paint([0, 0, 255])
const browser = useBrowser({ ignoreHTTPSErrors: true })
let canProxy = false
const forwarders: Server[] = []

beforeAll(async () => {
  canProxy = await hasNginx()
})
afterEach(async () => {
  await stopNginx()
  await closeViewers()
  for (const server of forwarders.splice(0)) server.close()
})

/** A test that needs nginx and the browser; without one of them it says so, at the beginning, and does nothing. */
function testBehindNginx(
  title: string,
  run: (open: (address: string) => Promise<Page>) => Promise<void>,
): void {
  test(title, async () => {
    if (browser.isHere && canProxy) await run(browser.open)
  })
}

/** Shows pictures until the page has drawn one, and then two that it has to draw for themselves. */
async function expectPictures(page: Page, viewer: Viewer): Promise<void> {
  await page.locator('body[data-state="empty"]').waitFor()
  for (let index = 0; index < 3; index++) {
    const seq = viewer.show(await red)
    await page.locator(`#picture[data-seq="${seq}"]`).waitFor()
  }
  await page.locator('body[data-state="live"]').waitFor()
}

const hint = (page: Page) => page.locator('#notices')

describe('behind nginx with a bare proxy_pass', () => {
  testBehindNginx('the page shows pictures by plain requests, and says what to set', async (open) => {
    const viewer = await openViewer()
    const page = await open(await startNginx({ locations: `location / { proxy_pass ${viewer.address}; }` }))
    await expectPictures(page, viewer)
    expect(await hint(page).textContent()).toMatch(/lets no WebSocket through.*proxy_set_header Upgrade/)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(await hint(page).isVisible()).toBe(false)
    // It goes on after a pause, and comes back by itself.
    await page.keyboard.press(' ')
    await page.locator('body[data-state="paused"]').waitFor()
    await page.keyboard.press(' ')
    const seq = viewer.show(await red)
    await page.locator(`#picture[data-seq="${seq}"]`).waitFor()
  })

  testBehindNginx('below a path the page opens with its token, and stays below that path', async (open) => {
    const viewer = await openViewer({ token: SECRET })
    const proxy = await startNginx({ locations: `location /cam1/ { proxy_pass ${viewer.address}/; }` })
    const page = await open(`${proxy}/cam1/?token=${SECRET}&topic=video%2Fmain`)
    expect(page.url()).toBe(`${proxy}/cam1/?topic=video%2Fmain`)
    await expectPictures(page, viewer)
    const cookies = await page.context().cookies(`${proxy}/cam1/stats.json`)
    expect(cookies).toMatchObject([{ path: '/cam1', httpOnly: true, sameSite: 'Strict', secure: false }])
    expect(await page.context().cookies(`${proxy}/cam2/`)).toEqual([])
  })

  testBehindNginx('with TLS the page works as well', async (open) => {
    const viewer = await openViewer()
    const locations = `location /cam1/ { proxy_pass ${viewer.address}/; }`
    const page = await open(`${await startNginx({ locations, tls: true })}/cam1/`)
    await expectPictures(page, viewer)
  })

  testBehindNginx('/stream.mjpg passes each picture on as it comes', async () => {
    const viewer = await openViewer()
    const proxy = await startNginx({ locations: `location / { proxy_pass ${viewer.address}; }` })
    const parts = readParts(`${proxy}/stream.mjpg`)
    const first = parts.next()
    const showing = setInterval(() => void red.then((jpeg) => viewer.show(jpeg)), 10)
    await first
    clearInterval(showing)
    // Less than the buffers of the proxy, and nothing behind it that would push it through.
    const second = parts.next()
    viewer.show(await red)
    expect((await second).value?.body.equals(Buffer.from(await red))).toBe(true)
    await parts.return(undefined)
  })
})

describe('an image behind nginx', () => {
  testBehindNginx('shows each picture of /stream.mjpg at once, the last one too', async (open) => {
    const viewer = await openViewer()
    const proxy = await startNginx({ locations: `location / { proxy_pass ${viewer.address}; }` })
    const page = await open(`${proxy}/healthz`)
    await page.evaluate(() => {
      document.body.appendChild(new Image()).src = 'stream.mjpg'
    })
    await untilStreamIsRead(viewer)
    for (const [channel, picture] of [await red, await blue].entries()) {
      viewer.show(picture)
      await page.waitForFunction((index) => {
        const image = document.querySelector('img')
        const copy = new OffscreenCanvas(1, 1).getContext('2d')
        if (image && image.naturalWidth > 0) copy?.drawImage(image, 0, 0, 1, 1)
        return (copy?.getImageData(0, 0, 1, 1).data[index] ?? 0) > 250
      }, channel * 2)
    }
  })
})

describe('behind nginx that passes everything on', () => {
  testBehindNginx('the page has its WebSocket, at a path too, and no word about the proxy', async (open) => {
    const viewer = await openViewer({ allowedHosts: ['cam.localhost'] })
    const locations = `location /cam1/ { proxy_pass ${viewer.address}/; ${PASS_ALL} }`
    const proxy = await startNginx({ locations })
    const page = await open(`${proxy.replace('127.0.0.1', 'cam.localhost')}/cam1/`)
    await expectPictures(page, viewer)
    expect(await hint(page).isVisible()).toBe(false)
  })

  testBehindNginx('with TLS the cookie goes over TLS only', async (open) => {
    const viewer = await openViewer({ token: SECRET })
    const prefix = 'proxy_set_header X-Forwarded-Prefix /;'
    const proxy = await startNginx({
      locations: `location / { proxy_pass ${viewer.address}; ${PASS_ALL} ${prefix} }`,
      tls: true,
    })
    const page = await open(`${proxy}/?token=${SECRET}`)
    expect(page.url()).toBe(`${proxy}/`)
    await expectPictures(page, viewer)
    expect(await hint(page).isVisible()).toBe(false)
    expect(await page.context().cookies()).toMatchObject([
      { name: expect.stringMatching(/^__Host-zcast-\d+$/), path: '/', secure: true },
    ])
  })

  testBehindNginx('a name that was not allowed is refused, and the page says what to do', async (open) => {
    const viewer = await openViewer()
    const proxy = await startNginx({ locations: `location / { proxy_pass ${viewer.address}; ${PASS_ALL} }` })
    const page = await open(proxy.replace('127.0.0.1', 'cam.localhost'))
    expect(await page.textContent('body')).toMatch(/start it with --allowed-host cam\.localhost/)
  })
})

describe('behind a proxy that shows the page in a frame of its own', () => {
  testBehindNginx('as Home Assistant does for its add-ons, it works without an option', async (open) => {
    const viewer = await openViewer()
    const ingress = `location /api/hassio_ingress/0a1b2c/ { proxy_pass ${viewer.address}/; ${PASS_ALL}
      proxy_set_header X-Ingress-Path /api/hassio_ingress/0a1b2c; }`
    const frame = `location = / { default_type text/html; return 200 '<iframe src="/api/hassio_ingress/0a1b2c/"></iframe>'; }`
    const page = await open(await startNginx({ locations: `${ingress} ${frame}` }))
    const framed = page.frameLocator('iframe')
    await framed.locator('body[data-state="empty"]').waitFor()
    const seq = viewer.show(await red)
    await framed.locator(`#picture[data-seq="${seq}"]`).waitFor()
    expect(await framed.locator('#notices').isVisible()).toBe(false)
  })
})

describe('behind a port of another number', () => {
  test('as ssh -L and docker -p make it, the page works under every name of this machine', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer()
    const target = Number(new URL(viewer.address).port)
    const forwarder = createServer((socket) => {
      const onward = connect(target, '127.0.0.1')
      socket.pipe(onward).pipe(socket)
      socket.on('error', () => onward.destroy())
      onward.on('error', () => socket.destroy())
    }).listen(0, '127.0.0.1')
    forwarders.push(forwarder)
    await once(forwarder, 'listening')
    const { port } = forwarder.address() as AddressInfo
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await browser.open(`http://${host}:${port}/`)
      await page.locator('body:not([data-state="opening"])').waitFor()
      const seq = viewer.show(await red)
      await page.locator(`#picture[data-seq="${seq}"]`).waitFor()
      expect(await page.locator('#notices').isVisible()).toBe(false)
      await page.close()
    }
  })
})
