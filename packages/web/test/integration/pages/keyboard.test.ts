/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'
import { expectTabReachesAll } from '../../support/tab-through.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const browser = useBrowser()
const SECRET = 'open-sesame-0123456789'

afterEach(async () => {
  await closeViewers()
  await closeDashboards()
})

describe('the Tab key', () => {
  test('reaches everything on the page of a viewer', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer()
    const red = await paint([255, 0, 0])
    viewer.show(red, 'video/left')
    viewer.show(red, 'video/right')
    const page = await browser.open(viewer.address)
    await page.locator('.tile canvas[data-seq]').nth(1).waitFor()
    await expectTabReachesAll(page)
    await page.getByRole('button', { name: 'Enlarge right' }).press('Enter')
    await page.locator('#topic:not([hidden])').waitFor()
    await page.locator('#picture[data-seq]').waitFor()
    await expectTabReachesAll(page)
  })

  test('reaches everything on the dashboard', async () => {
    if (!browser.isHere) return
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const page = await browser.open(dashboard.address)
    deliver('numbers/random', numbers(Array.from({ length: 40 }, (_, position) => position)))
    deliver('video/cam', await video())
    dashboard.logLine('5080 - 2026-08-04T17:47:01.977+02:00 - ERROR - publisher: cannot bind')
    await page.getByRole('button', { name: 'Position 31' }).waitFor()
    await page.locator('.tile canvas[data-seq]').waitFor()
    await expectTabReachesAll(page)
  })

  test('reaches everything where a token is asked for, where one can type at once', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer({ token: SECRET })
    const page = await browser.open(`${viewer.address}/?token=wrong-wrong-wrong`)
    await page.locator('#token:focus').waitFor()
    await expectTabReachesAll(page)
    await page.getByLabel('Token').fill(SECRET)
    await page.keyboard.press('Enter')
    await page.locator('body[data-state]').waitFor()
    expect(page.url()).toBe(`${viewer.address}/`)
  })
})
