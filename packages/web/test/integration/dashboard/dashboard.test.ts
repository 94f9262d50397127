/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { Statistics, wallClock } from '@zcast/shared'
import type { Page } from 'playwright-core'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { ask } from '../../support/raw-http.ts'
import { Dashboard } from '../../../src/dashboard/dashboard.ts'
import type { Sink } from '@zcast/subscribers'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'

const browser = useBrowser()

afterEach(closeDashboards)

function testInBrowser(
  title: string,
  run: (open: (address: string) => Promise<Page>) => Promise<void>,
): void {
  test(title, async () => {
    if (browser.isHere) await run(browser.open)
  })
}

/** Waits until the chart has a line of this colour, or none. */
async function waitForLine(page: Page, colour: readonly number[], there = true): Promise<void> {
  await page.waitForFunction(
    ([wanted, expected]) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
      if (!data) return false
      let found = 0
      for (let at = 0; at < data.length; at += 4) {
        const near = wanted.every((value, channel) => Math.abs((data[at + channel] ?? 0) - value) < 12)
        if (near && (data[at + 3] ?? 0) > 200) found += 1
      }
      return found > 20 === expected
    },
    [colour, there] as const,
  )
}

/** The colours of positions 0 and 1. */
const FIRST = [0x29, 0x6e, 0xc3]
const SECOND = [0x99, 0x6f, 0x18]

describe('the dashboard', () => {
  testInBrowser('draws a line for each position, and switches even and odd ones off and on', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const start = wallClock() - 50
    for (let index = 0; index < 50; index++)
      deliver('numbers/random', numbers([index, 50 - index], start + index))
    const page = await open(dashboard.address)
    await waitForLine(page, FIRST)
    await waitForLine(page, SECOND)
    await page.getByRole('button', { name: 'Even' }).click()
    await waitForLine(page, FIRST, false)
    await waitForLine(page, SECOND)
    await page.getByRole('button', { name: 'Even' }).click()
    await page.getByRole('button', { name: 'Position 1' }).click()
    await waitForLine(page, FIRST)
    await waitForLine(page, SECOND, false)
  })

  testInBrowser('keeps the switches of even and odd positions in step with the single ones', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    deliver('numbers/random', numbers([1, 2, 3]))
    const page = await open(dashboard.address)
    const even = page.getByRole('button', { name: 'Even' })
    await page.getByRole('button', { name: 'Position 0' }).click()
    expect(await even.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Position 2' }).click()
    expect(await even.getAttribute('aria-pressed')).toBe('false')
    await even.click()
    expect(await page.getByRole('button', { pressed: true }).allTextContents()).toHaveLength(5)
  })

  testInBrowser('says the newest value of each position, not the greatest', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const time = Math.floor(wallClock())
    for (const value of [5, 9, 7]) deliver('numbers/random', numbers([value], time))
    const page = await open(dashboard.address)
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Position 0' }) })
    await row.getByRole('cell').first().getByText('7', { exact: true }).waitFor()
    expect(await row.getByRole('cell').allTextContents()).toEqual(['7', '5', '9', '7'])
  })

  testInBrowser('breaks its lines across an outage', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const now = wallClock()
    for (let ago = 50; ago > 0; ago -= 0.25) {
      if (ago < 20 || ago > 30) deliver('numbers/random', numbers([1], now - ago))
    }
    const page = await open(dashboard.address)
    await waitForLine(page, FIRST)
    /** The widest stretch without the line between its first and its last pixel, as a part of all. */
    const gap = await page.evaluate(([r, g, b]) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')
      if (!canvas) return 0
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      }
      const columns = new Set<number>()
      for (let at = 0; at < data.length; at += 4) {
        const distance =
          Math.abs((data[at] ?? 0) - (r ?? 0)) +
          Math.abs((data[at + 1] ?? 0) - (g ?? 0)) +
          Math.abs((data[at + 2] ?? 0) - (b ?? 0))
        if (distance < 36 && (data[at + 3] ?? 0) > 200) columns.add((at / 4) % canvas.width)
      }
      const sorted = [...columns].sort((one, other) => one - other)
      const widest = Math.max(...sorted.map((column, index) => column - (sorted[index - 1] ?? column)))
      return widest / ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0))
    }, FIRST)
    expect(gap).toBeGreaterThan(0.15)
    expect(gap).toBeLessThan(0.25)
  })

  testInBrowser('says how many of its streams are live', async (open) => {
    const dashboard = await openDashboard()
    await openFeed(dashboard.feed(), 'connecting')
    const page = await open(dashboard.address)
    await page.getByRole('status').getByText('Waiting', { exact: true }).waitFor()
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['no stream yet'])
    const { deliver } = await openFeed(dashboard.feed())
    deliver('numbers/random', numbers([1]))
    // Who waits for nothing else is not told of it.
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    const other = await openFeed(dashboard.feed(), 'stale')
    other.deliver('numbers/other', numbers([1]))
    await page.getByRole('status').getByText('1 of 2 live').waitFor()
  })

  testInBrowser('says that a publisher does not let it in, with other streams and without', async (open) => {
    const dashboard = await openDashboard()
    await openFeed(dashboard.feed(), 'denied')
    const page = await open(dashboard.address)
    const refusal = page.getByRole('status').getByText('A publisher does not let this dashboard in')
    await refusal.waitFor()
    const { deliver } = await openFeed(dashboard.feed())
    deliver('numbers/random', numbers([1]))
    await page.getByRole('rowheader').getByText('numbers/random').waitFor()
    expect(await refusal.isVisible()).toBe(true)
  })

  testInBrowser('moves its chart, and stands still while paused', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    let at = wallClock() - 1000
    const send = (): void => deliver('numbers/random', numbers([Math.sin(at), 0], (at += 1)))
    for (let index = 0; index < 50; index++) send()
    const [page, other] = [await open(dashboard.address), await open(dashboard.address)]
    await Promise.all([waitForLine(page, FIRST), waitForLine(other, FIRST)])
    const picture = (of: Page): Promise<string> =>
      of.evaluate(() => document.querySelector<HTMLCanvasElement>('.plot canvas')?.toDataURL() ?? '')
    /** Sends on until the chart of a page has moved. */
    const move = async (of: Page): Promise<void> => {
      const before = await picture(of)
      while ((await picture(of)) === before) send()
    }
    await move(page)
    await page.getByRole('button', { name: 'Pause' }).click()
    const paused = await picture(page)
    for (let moves = 0; moves < 5; moves++) await move(other)
    expect(await picture(page)).toBe(paused)
    await page.keyboard.press('Space')
    await move(page)
  })

  testInBrowser('shows each video stream as a tile, and what it knows about each stream', async (open) => {
    const dashboard = await openDashboard()
    const feeds = [await openFeed(dashboard.feed()), await openFeed(dashboard.feed())] as const
    const page = await open(dashboard.address)
    feeds[0].deliver('numbers/random', numbers([1, 2, 3]))
    feeds[1].deliver('video/front', await video())
    feeds[1].deliver('video/back', await video())
    for (const topic of ['video/front', 'video/back']) {
      await page.locator(`canvas[data-topic="${topic}"][data-seq]`).waitFor()
    }
    const table = page.getByRole('region', { name: 'Streams' })
    const rows = await table.getByRole('rowheader').allTextContents()
    expect(rows.sort()).toEqual(['numbers/random', 'video/back', 'video/front'])
    expect(await table.getByRole('row').filter({ hasText: 'numbers/random' }).textContent()).toContain('live')
  })

  testInBrowser('shows the tail of the error log, as text', async (open) => {
    const dashboard = await openDashboard()
    const page = await open(dashboard.address)
    await page.getByText('Nothing went wrong so far.').waitFor()
    dashboard.logLine('ERROR - publisher: <img src=x onerror=alert(1)>')
    await page.getByRole('log').getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await page.locator('#log img').count()).toBe(0)
  })

  test('is itself a sink for a single subscription', async () => {
    const dashboard = await openDashboard()
    const { deliver, sink } = await openFeed(dashboard)
    deliver('numbers/random', numbers([1, 2]))
    const { streams } = JSON.parse((await ask(`${dashboard.address}/stats.json`)).text) as {
      streams: unknown[]
    }
    expect(streams).toMatchObject([
      { topic: 'numbers/random', kind: 'numbers', state: 'live', received: 1, lost: 0 },
    ])
    await sink.close()
    await sink.close()
  })

  test('goes on without a subscription that ended', async () => {
    const dashboard = await openDashboard()
    const { deliver, sink } = await openFeed(dashboard.feed())
    deliver('numbers/random', numbers([1]))
    await sink.close()
    const { streams } = JSON.parse((await ask(`${dashboard.address}/stats.json`)).text) as {
      streams: unknown[]
    }
    expect(streams).toMatchObject([{ topic: 'numbers/random', state: 'closed', received: 1 }])
  })

  test('is guarded as the viewer is', async () => {
    const { address } = await openDashboard({ token: 'open-sesame-0123456789' })
    for (const path of ['/', '/stats.json']) {
      expect((await ask(address + path)).status).toBe(401)
      expect((await ask(address + path, { host: 'rebound.example' })).status).toBe(403)
      expect(
        (await ask(`${address}${path}`, { authorization: 'Bearer open-sesame-0123456789' })).status,
      ).toBe(200)
    }
    // Files that are the same for everybody tell nothing.
    for (const path of ['/dashboard/dashboard.js', '/uPlot.iife.min.js', '/theme.css']) {
      expect((await ask(address + path)).status).toBe(200)
      expect((await ask(address + path, { host: 'rebound.example' })).status).toBe(403)
    }
    expect(() => new Dashboard({ port: 0, host: '0.0.0.0' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})

describe('a dashboard that nobody looks at', () => {
  /** Opens a feed that tells when it is paused. */
  async function openPausable(sink: Sink): Promise<Recorder<string>> {
    const pauses = new Recorder<string>()
    const subscription = { pause: () => pauses.add('pause'), resume: () => pauses.add('resume') }
    await sink.open({ statistics: new Statistics(), state: () => 'live', subscription })
    return pauses
  }

  test('pauses its video, not its numbers, until the page asks again', async () => {
    const dashboard = await openDashboard({ lingerMs: 0 })
    const pauses = await openPausable(dashboard.feed({ pausable: true }))
    const untouched = await openPausable(dashboard.feed())
    await pauses.last('pause')
    const later = await openPausable(dashboard.feed({ pausable: true }))
    await later.last('pause')
    const before = pauses.seen.length
    await ask(`${dashboard.address}/stats.json`)
    await pauses.until((seen) => seen.slice(before).join(' ') === 'resume pause')
    expect(untouched.seen).toEqual([])
  })

  test('refuses to linger for less than no time', () => {
    expect(() => new Dashboard({ port: 0, lingerMs: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})
