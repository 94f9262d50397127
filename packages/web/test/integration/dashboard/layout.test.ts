/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { wallClock } from '@zcast/shared'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'

const browser = useBrowser()

afterEach(closeDashboards)

describe('the layout of the dashboard', () => {
  test('gives what is not there no room', async () => {
    if (!browser.isHere) return
    const [onlyNumbers, onlyVideo] = [await openDashboard(), await openDashboard()]
    const feeds = [await openFeed(onlyNumbers.feed()), await openFeed(onlyVideo.feed())] as const
    feeds[0].deliver('numbers/one', numbers([1]))
    feeds[1].deliver('video/one', await video())
    const page = await browser.open(onlyNumbers.address)
    await page.locator('body[data-has="numbers"]').waitFor()
    expect(await page.getByRole('region', { name: 'Video' }).isVisible()).toBe(false)
    const whole = await page.locator('main').boundingBox()
    const charts = await page.getByRole('region', { name: 'Numbers' }).boundingBox()
    expect(charts?.width).toBeGreaterThan((whole?.width ?? 0) - 40)
    await page.goto(onlyVideo.address)
    await page.locator('body[data-has="video"]').waitFor()
    expect(await page.getByRole('region', { name: 'Numbers' }).isVisible()).toBe(false)
    feeds[1].deliver('numbers/one', numbers([1]))
    await page.getByRole('region', { name: 'Numbers' }).waitFor()
    await page.getByRole('region', { name: 'Video' }).waitFor()
  })

  test('fits windows of every width, with every way to show numbers', async () => {
    if (!browser.isHere) return
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const names = ['a name that is as long as names may well be', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const units = ['kg m²/s³', 'V', '%', '°C', 'hPa', 'm/s', 'Pa', 'rpm']
    const values = [-1.2345678e-9, 1e300, 123456789.123, 4, 5, 6, 7, 8]
    for (let ago = 5; ago > 0; ago -= 0.1) {
      deliver('numbers/wide', { ...numbers(values, wallClock() - ago), names, units })
    }
    deliver('video/one', await video(360, 640))
    const page = await browser.newPage()
    for (const look of ['lines', 'values', 'xy', 'table']) {
      await page.goto(`${dashboard.address}/?numbers/wide=as:${look}`)
      await page
        .locator(`.chart[data-look="${look}"] .legend tbody tr`)
        .first()
        .waitFor({ state: 'attached' })
      for (const [width, height] of [
        [320, 568],
        [360, 640],
        [844, 390],
        [1366, 650],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height })
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect([look, width, over <= 0]).toEqual([look, width, true])
      }
    }
  })

  test('dims a stream that has gone, and says since when', async () => {
    if (!browser.isHere) return
    const dashboard = await openDashboard()
    const { deliver, sink } = await openFeed(dashboard.feed())
    deliver('numbers/one', numbers([42]))
    const page = await browser.open(dashboard.address)
    await page.locator('.chart .legend .value').getByText('42', { exact: true }).waitFor()
    expect(await page.locator('.chart.is-gone').count()).toBe(0)
    await sink.close()
    await page
      .locator('.chart.is-gone')
      .getByText(/^Gone for \d+ s, since \d\d:\d\d:\d\d\.\d$/)
      .waitFor()
    // What it said last stays.
    expect(await page.locator('.chart .legend .value').textContent()).toBe('42')
  })
})
