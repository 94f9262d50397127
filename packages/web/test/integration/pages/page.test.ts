/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { format } from 'node:util'
import { NoticeBoard } from '@zcast/shared'
import { freePort } from '@zcast/testing/network/free-ports'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { useBrowser } from '../../support/browser.ts'
import { closeViewers, openViewer, paint, type Colour, untilStreamIsRead } from '../../support/viewer.ts'

const browser = useBrowser()
const servers: Server[] = []

afterEach(async () => {
  await closeViewers()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A test that needs the browser; without one it says so, where it was launched, and does nothing. */
function testInBrowser(
  title: string,
  run: (open: (address: string) => Promise<Page>) => Promise<void>,
): void {
  test(title, async () => {
    if (browser.isHere) await run(browser.open)
  })
}

/** The same for each row of a table. */
testInBrowser.each =
  <Row extends readonly number[]>(rows: readonly Row[]) =>
  (title: string, run: (open: (address: string) => Promise<Page>, ...row: Row) => Promise<void>): void => {
    for (const row of rows) testInBrowser(format(title, ...row), (open) => run(open, ...row))
  }

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function waitForPicture(page: Page, seq: number): Promise<void> {
  await page.locator(`#picture[data-seq="${seq}"]`).waitFor()
}

async function waitForState(page: Page, state: string): Promise<void> {
  await page.locator(`body[data-state="${state}"]`).waitFor()
}

/** Reads every pixel of the canvas back, as red, green, blue and alpha. */
async function readPixels(page: Page): Promise<{ width: number; height: number; pixels: number[] }> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
    if (!copy) throw new Error('no canvas')
    copy.drawImage(canvas, 0, 0)
    const { width, height } = canvas
    return { width, height, pixels: [...copy.getImageData(0, 0, width, height).data] }
  })
}

/** The largest difference of any channel of any pixel from what it should be. */
function worstDifference(pixels: readonly number[], expected: (index: number) => Colour): number {
  let worst = 0
  for (let index = 0; index < pixels.length / 4; index++) {
    const colour = [...expected(index), 255]
    for (const [channel, value] of colour.entries()) {
      worst = Math.max(worst, Math.abs((pixels[index * 4 + channel] ?? Number.NaN) - value))
    }
  }
  return worst
}

const SECRET = 'open-sesame-0123456789'
const RED: Colour = [255, 0, 0]
const BLUE: Colour = [0, 0, 255]
/** JPEG at its best quality is a shade off. */
const SHADE = 4

describe('the page', () => {
  testInBrowser('draws the pictures that were published, pixel by pixel', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    const colours: Colour[] = [
      RED,
      [0, 255, 0],
      BLUE,
      [255, 255, 255],
      [0, 0, 0],
      [18, 120, 200],
      [250, 128, 3],
    ]
    for (const colour of colours) {
      await waitForPicture(page, viewer.show(await paint(colour)))
      const { width, height, pixels } = await readPixels(page)
      expect([width, height]).toEqual([64, 48])
      expect(worstDifference(pixels, () => colour)).toBeLessThanOrEqual(SHADE)
    }
  })

  testInBrowser(
    'says that what was lost is unknown in a format without numbers, also beside others',
    async (open) => {
      const viewer = await openViewer()
      viewer.statistics.topic('video/main').unsequenced += 1
      viewer.show(await paint(RED))
      const one = await open(viewer.address)
      await one.locator('#lost', { hasText: /^unknown$/ }).waitFor()
      viewer.show(await paint(BLUE), 'video/other')
      const all = await open(viewer.address)
      await all.locator('.tile').first().waitFor()
      await all.locator('#lost', { hasText: /^unknown$/ }).waitFor()
    },
  )

  testInBrowser('draws every pixel where it belongs, also when the size changes', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    await waitForPicture(page, viewer.show(await paint(RED)))
    const raw = Buffer.alloc(96 * 32 * 3)
    const colourAt = (index: number): Colour => (index % 96 < 48 ? RED : index < 96 * 16 ? [0, 255, 0] : BLUE)
    for (let index = 0; index < 96 * 32; index++) raw.set(colourAt(index), index * 3)
    const image = sharp(raw, { raw: { width: 96, height: 32, channels: 3 } })
    const jpeg = await image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    await waitForPicture(page, viewer.show(jpeg))
    const { width, height, pixels } = await readPixels(page)
    expect([width, height]).toEqual([96, 32])
    expect(worstDifference(pixels, colourAt)).toBeLessThanOrEqual(SHADE)
  })

  testInBrowser('keeps its picture while it is paused, and shows the newest one afterwards', async (open) => {
    const viewer = await openViewer()
    const [page, other] = [await open(viewer.address), await open(viewer.address)]
    const first = viewer.show(await paint(RED))
    await waitForPicture(page, first)
    await page.keyboard.press('Space')
    await waitForState(page, 'paused')
    expect(await page.locator('#pause').getAttribute('aria-pressed')).toBe('true')
    let newest = first
    // The first of them may have been asked for before the pause.
    for (const colour of [BLUE, RED, BLUE]) {
      newest = viewer.show(await paint(colour))
      await waitForPicture(other, newest)
    }
    expect(await page.locator('#picture').getAttribute('data-seq')).toBe(String(first))
    await page.keyboard.press('Space')
    await waitForPicture(page, newest)
    expect(worstDifference((await readPixels(page)).pixels, () => BLUE)).toBeLessThanOrEqual(SHADE)
  })

  testInBrowser('asks for nothing while its tab is hidden', async (open) => {
    const viewer = await openViewer()
    const [page, other] = [await open(viewer.address), await open(viewer.address)]
    const first = viewer.show(await paint(RED))
    await waitForPicture(page, first)
    const hide = (hidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    await hide(true)
    let newest = first
    for (const colour of [BLUE, RED, BLUE, RED]) {
      newest = viewer.show(await paint(colour))
      await waitForPicture(other, newest)
    }
    // One that was asked for before may have crossed the word that no more is wanted.
    const shown = Number(await page.locator('#picture').getAttribute('data-seq'))
    expect(shown).toBeLessThanOrEqual(first + 1)
    await hide(false)
    await waitForPicture(page, newest)
  })

  testInBrowser('says when there is no publisher, and recovers by itself', async (open) => {
    const viewer = await openViewer()
    viewer.setState('connecting')
    const page = await open(viewer.address)
    await waitForState(page, 'connecting')
    await page.getByRole('status').filter({ hasText: 'Waiting for a publisher' }).waitFor()
    expect(await page.locator('#notice').isVisible()).toBe(true)
    viewer.setState('live')
    await waitForPicture(page, viewer.show(await paint(RED)))
    await waitForState(page, 'live')
    expect(await page.locator('#notice').isVisible()).toBe(false)
  })

  testInBrowser('comes back by itself when the viewer was started again', async (open) => {
    const port = await freePort()
    const viewer = await openViewer({ port })
    const page = await open(viewer.address)
    await waitForPicture(page, viewer.show(await paint(RED)))
    await viewer.sink.close()
    await waitForState(page, 'offline')
    const again = await openViewer({ port })
    again.show(await paint(RED))
    await waitForPicture(page, again.show(await paint(BLUE)))
    await waitForState(page, 'live')
    expect(worstDifference((await readPixels(page)).pixels, () => BLUE)).toBeLessThanOrEqual(SHADE)
  })

  testInBrowser('shows what it knows about the stream', async (open) => {
    const viewer = await openViewer({ title: 'Client 7' })
    const page = await open(viewer.address)
    expect(await page.title()).toBe('Client 7')
    const latency = page.locator('#latency', { hasText: /^[\d.]+ \/ [\d.]+ ms$/ })
    // It is that of the last second, so there has to be something in it.
    while ((await latency.count()) === 0) await waitForPicture(page, viewer.show(await paint(RED)))
    expect(await page.locator('#size').textContent()).toBe('64×48')
    expect(await page.locator('#lost').textContent()).toBe('0')
    expect(await page.getByRole('img', { name: 'Live picture, 64 by 48 pixels' }).count()).toBe(1)
  })

  testInBrowser('saves the picture that is shown, byte for byte', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    const jpeg = await paint(RED)
    await waitForPicture(page, viewer.show(jpeg))
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')])
    expect(download.suggestedFilename()).toMatch(/^Client 1 0 \d{4}-\d\d-\d\dT.*\.jpg$/)
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).equals(Buffer.from(jpeg))).toBe(true)
  })

  testInBrowser(
    'switches between fitting the window and the picture’s own size, and can be used by keyboard',
    async (open) => {
      const viewer = await openViewer()
      const page = await open(viewer.address)
      await waitForPicture(page, viewer.show(await paint(RED)))
      const box = async (): Promise<number | undefined> =>
        (await page.locator('#picture').boundingBox())?.width
      expect(await box()).toBeGreaterThan(800)
      await page.keyboard.press('z')
      expect(await box()).toBe(64)
      const names: (string | null)[] = []
      for (let index = 0; index < 4; index++) {
        await page.keyboard.press('Tab')
        names.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null))
      }
      expect(names).toEqual(['Pause', 'Actual size, 1:1', 'Save the picture', 'Full screen'])
      await page.locator('#pause').press('Space')
      await waitForState(page, 'paused')
    },
  )

  testInBrowser('shows several streams side by side, and enlarges the one that is clicked', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    const tile = (stream: string) => page.getByRole('button', { name: `Enlarge ${stream}` })
    await waitForPicture(page, viewer.show(await paint(RED), 'video/front'))
    const back = viewer.show(await paint(BLUE), 'video/back')
    await tile('back').locator(`canvas[data-seq="${back}"]`).waitFor()
    for (const stream of ['front', 'back']) {
      const seq = viewer.show(await paint(RED), `video/${stream}`)
      await tile(stream).locator(`canvas[data-seq="${seq}"]`).waitFor()
    }
    expect(await page.locator('#picture').isVisible()).toBe(false)
    const later = viewer.show(await paint(BLUE), 'video/later')
    await tile('later').locator(`canvas[data-seq="${later}"]`).waitFor()
    await tile('back').click()
    await waitForPicture(page, viewer.show(await paint(BLUE), 'video/back'))
    expect(new URL(page.url()).searchParams.get('topic')).toBe('video/back')
    expect(await page.locator('.tile').count()).toBe(0)
    await page.goBack()
    await tile('front').waitFor()
  })

  testInBrowser('goes through several streams by keyboard', async (open) => {
    const viewer = await openViewer()
    for (const stream of ['a', 'b', 'c']) viewer.show(await paint(RED), `video/${stream}`)
    const page = await open(viewer.address)
    await page.locator('.tile').nth(2).waitFor()
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => (document.activeElement as HTMLElement).dataset['topic'])
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('video/a')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('video/b')
    await page.keyboard.press('Enter')
    await page.locator('#picture:visible').waitFor()
    expect(await page.locator('#all').evaluate((button) => button === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await page.locator('.tile').nth(2).waitFor()
    expect(await focused()).toBe('video/b')
  })

  testInBrowser.each<readonly [number, number, number]>([
    [2, 1280, 720],
    [5, 1280, 720],
    [16, 1280, 720],
    [5, 390, 780],
  ])('shows %d streams at once in %d x %d', async (open, count, width, height) => {
    const viewer = await openViewer()
    const picture = await paint(RED, 64, 36)
    for (let index = 0; index < count; index++) viewer.show(picture, `video/cam${index}`)
    const page = await open(viewer.address)
    await page.setViewportSize({ width, height })
    await page
      .locator('.tile canvas:visible')
      .nth(count - 1)
      .waitFor()
    const stage = (await page.locator('#tiles').boundingBox()) as Box
    const boxes: Box[] = []
    for (const tile of await page.locator('.tile').all()) boxes.push((await tile.boundingBox()) as Box)
    for (const box of boxes) {
      expect(box.width).toBe(boxes[0]?.width)
      expect(Math.abs(box.width / box.height - 16 / 9)).toBeLessThan(0.05)
      expect(box.x >= stage.x && box.x + box.width <= stage.x + stage.width).toBe(true)
      expect(box.y >= stage.y && box.y + box.height <= stage.y + stage.height).toBe(true)
    }
    const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0)
    expect(area / (stage.width * stage.height)).toBeGreaterThan(0.45)
  })

  testInBrowser('asks for nothing in all tiles while it is paused', async (open) => {
    const viewer = await openViewer()
    const [page, other] = [await open(viewer.address), await open(viewer.address)]
    const show = async (colour: Colour): Promise<number> => {
      viewer.show(await paint(colour), 'video/front')
      return viewer.show(await paint(colour), 'video/back')
    }
    const waitForTile = (of: Page, seq: number): Promise<void> =>
      of.locator(`.tile canvas[data-seq="${seq}"]`).waitFor()
    const first = await show(RED)
    await waitForTile(page, first)
    await page.keyboard.press('Space')
    await waitForState(page, 'paused')
    for (const colour of [BLUE, RED]) await waitForTile(other, await show(colour))
    await waitForTile(page, first)
    await page.keyboard.press('Space')
    await waitForTile(page, await show(BLUE))
  })

  testInBrowser('offers a choice where one of several streams is shown', async (open) => {
    const viewer = await openViewer()
    const page = await open(`${viewer.address}/?topic=video/front`)
    const front = viewer.show(await paint(RED), 'video/front')
    const back = viewer.show(await paint(BLUE), 'video/back')
    await waitForPicture(page, front)
    await page.getByRole('combobox', { name: 'Stream' }).selectOption('video/back')
    await waitForPicture(page, back)
    expect(new URL(page.url()).searchParams.get('topic')).toBe('video/back')
  })

  testInBrowser('shows its whole title on a phone, also beside a choice of streams', async (open) => {
    const viewer = await openViewer()
    const page = await open(`${viewer.address}/?topic=video/front`)
    await page.setViewportSize({ width: 360, height: 640 })
    viewer.show(await paint([255, 0, 0]), 'video/front')
    viewer.show(await paint([255, 0, 0]), 'video/back')
    await page.locator('#topic:visible').waitFor()
    expect(await page.locator('h1').evaluate((title) => title.scrollWidth - title.clientWidth)).toBe(0)
  })

  testInBrowser('opens with a token, which is then no longer in its address', async (open) => {
    const viewer = await openViewer({ token: SECRET })
    const page = await open(`${viewer.address}/?token=${SECRET}`)
    await waitForPicture(page, viewer.show(await paint(RED)))
    expect(page.url()).toBe(`${viewer.address}/`)
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })

  testInBrowser('fits a phone', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    await page.setViewportSize({ width: 360, height: 640 })
    await waitForPicture(page, viewer.show(await paint(RED)))
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBe(0)
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox()
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40)
    }
  })
})

describe('an image element', () => {
  testInBrowser('shows each picture of /stream.mjpg at once', async (open) => {
    const viewer = await openViewer()
    const page = await open(viewer.address)
    await page.evaluate(() => {
      document.body.appendChild(new Image()).src = 'stream.mjpg'
    })
    await untilStreamIsRead(viewer)
    viewer.show(await paint(RED))
    const colourShown = (channel: number): Promise<unknown> =>
      page.waitForFunction((index) => {
        const image = document.querySelector('img') as HTMLImageElement
        const copy = new OffscreenCanvas(1, 1).getContext('2d')
        if (image.naturalWidth > 0) copy?.drawImage(image, 0, 0, 1, 1)
        return (copy?.getImageData(0, 0, 1, 1).data[index] ?? 0) > 250
      }, channel)
    await colourShown(0)
    viewer.show(await paint(BLUE))
    await colourShown(2)
  })
})

/** A page of another origin, with the given body. @returns Its address. */
async function openElsewhere(body = ''): Promise<string> {
  const foreign = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>elsewhere</title>${body}`)
  })
  servers.push(foreign)
  foreign.listen(0, '127.0.0.1')
  await once(foreign, 'listening')
  return `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`
}

describe('a page elsewhere that was allowed', () => {
  testInBrowser('shows the stream in an image, and the page in a frame', async (open) => {
    const elsewhere = await openElsewhere()
    const allowedOrigins = [new URL(elsewhere).origin]
    const viewer = await openViewer({ allowedOrigins, token: SECRET })
    const page = await open(elsewhere)
    // Another site, not only another port, so that no cookie would be kept.
    const address = viewer.address.replace('127.0.0.1', 'localhost')
    const image = page.evaluate(async (url) => {
      const made = document.body.appendChild(new Image())
      made.src = url
      await made.decode()
      return made.naturalWidth
    }, `${address}/snapshot.jpg?maxAge=1h&token=${SECRET}`)
    while (viewer.show(await paint(RED)) < 3) await new Promise((resolve) => setImmediate(resolve))
    expect(await image).toBe(64)
    await page.evaluate((url) => {
      document.body.appendChild(document.createElement('iframe')).src = url
    }, `${address}/?token=${SECRET}`)
    const frame = page.frameLocator('iframe')
    await frame.locator('#picture[data-seq]').waitFor()
    const seq = viewer.show(await paint(BLUE))
    await frame.locator(`#picture[data-seq="${seq}"]`).waitFor()
  })

  testInBrowser(
    'leads to every address by a link, which no other page may put into a frame',
    async (open) => {
      const viewer = await openViewer()
      const elsewhere = await openElsewhere(
        `<a href="${viewer.address}/metrics">metrics</a><iframe src="${viewer.address}/"></iframe>`,
      )
      const page = await open(elsewhere)
      await page.getByRole('link').click()
      await page.waitForURL(`${viewer.address}/metrics`)
      expect(await page.textContent('body')).toContain('zcast_viewer_idle')
      await page.goBack()
      const frame = page.frames().find((one) => one !== page.mainFrame())
      expect(await frame?.locator('#picture').count()).toBe(0)
    },
  )

  testInBrowser('leads past the sign-in where the browser has signed in before', async (open) => {
    const viewer = await openViewer({ token: SECRET })
    await open(`${viewer.address}/?token=${SECRET}`)
    const elsewhere = await openElsewhere(`<a href="${viewer.address}/metrics">metrics</a>`)
    const page = await open(elsewhere.replace('127.0.0.1', 'localhost'))
    await page.getByRole('link').click()
    await page.getByText('zcast_viewer_idle').waitFor()
  })
})

describe('the sign-in page', () => {
  testInBrowser.each([[320], [1280]])(
    'fits a window of %d pixels, and says that a token was wrong',
    async (open, width) => {
      const viewer = await openViewer({ token: SECRET })
      const page = await open(viewer.address)
      await page.setViewportSize({ width, height: 500 })
      expect(await page.getByRole('alert').count()).toBe(0)
      await page.getByLabel('Token').fill('wrong-wrong-wrong')
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByText('That token is not the right one.').waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
      const box = await page.getByLabel('Token').boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(40)
      await page.emulateMedia({ colorScheme: 'dark' })
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const dark = await ground()
      await page.emulateMedia({ colorScheme: 'light' })
      expect(await ground()).not.toBe(dark)
      await page.getByLabel('Token').fill(SECRET)
      await page.keyboard.press('Enter')
      await waitForState(page, 'empty')
      expect(page.url()).toBe(`${viewer.address}/`)
    },
  )
})

describe('what failed', () => {
  testInBrowser('is one line on the page, the newest first told, and can be dismissed', async (open) => {
    const notices = new NoticeBoard()
    notices.warning('the first')
    const viewer = await openViewer({}, { notices })
    const page = await open(viewer.address)
    await page.getByText('the first').waitFor()
    expect(await page.locator('#notices time').textContent()).toMatch(/\d\d/)
    notices.error('<img src=x onerror=alert(1)> cannot be written')
    await page.getByText('<img src=x onerror=alert(1)> cannot be written').waitFor()
    expect(await page.locator('#notices').textContent()).toContain('and 1 earlier')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(await page.locator('#notices').isVisible()).toBe(false)
    notices.error('the third')
    await page.getByText('the third').waitFor()
    expect(await page.locator('#notices').textContent()).not.toContain('earlier')
    const { notices: told } = (await (await fetch(`${viewer.address}/stats.json`)).json()) as {
      notices: unknown[]
    }
    expect(told).toMatchObject([
      { level: 'warning', message: 'the first' },
      { level: 'error' },
      { message: 'the third' },
    ])
  })
})

describe('a page elsewhere', () => {
  testInBrowser('cannot read the stream by image, fetch, frame or WebSocket', async (open) => {
    const viewer = await openViewer()
    viewer.show(await paint(RED))
    const { port } = new URL(await openElsewhere())
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await open(`http://${host}:${port}/`)
      const outcomes = await page.evaluate(async (address) => {
        const loads = (path: string): Promise<string> =>
          new Promise((resolve) => {
            const image = new Image()
            image.addEventListener('load', () => resolve('shown'))
            image.addEventListener('error', () => resolve('refused'))
            image.src = address + path
          })
        const reads = (mode: 'cors' | 'no-cors'): Promise<string> =>
          fetch(`${address}/snapshot.jpg?maxAge=1h`, { mode }).then(
            () => 'read',
            () => 'refused',
          )
        const connects = new Promise<string>((resolve) => {
          const socket = new WebSocket(`${address.replace('http', 'ws')}/pictures`)
          socket.addEventListener('open', () => resolve('open'))
          socket.addEventListener('error', () => resolve('refused'))
        })
        const asked = [
          loads('/stream.mjpg'),
          loads('/snapshot.jpg?maxAge=1h'),
          reads('cors'),
          reads('no-cors'),
        ]
        return Promise.all([...asked, connects])
      }, viewer.address)
      expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused'])
    }
  })
})
