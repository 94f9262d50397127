/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboardPage, video } from '../../support/dashboard.ts'

const browser = useBrowser()

afterEach(closeDashboards)

describe('a dashboard of many streams', () => {
  test('shows all of them, and leads to each', async () => {
    const opened = await openDashboardPage(browser)
    if (!opened) return
    const { shown, deliver } = opened
    const picture = await video()
    for (let index = 0; index < 30; index++) deliver(`video/cam${index}`, picture)
    for (let index = 0; index < 7; index++) deliver(`numbers/s${index}`, numbers([index, 1]))
    await shown.locator('.tile').nth(29).waitFor()
    for (let index = 0; index < 30; index++) {
      await shown.locator(`canvas[data-topic="video/cam${index}"][data-seq]`).waitFor()
    }
    await shown.getByRole('img', { name: 'Live chart of numbers/s6' }).locator('canvas').waitFor()
    const contents = shown.getByRole('navigation', { name: 'Parts of the page' })
    expect((await contents.textContent())?.replace(/\s+/g, ' ').trim()).toBe(
      'Numbers 7 Video 30 Streams 37 Log',
    )
    for (const topic of ['video/cam29', 'numbers/s6', 'video/cam0']) {
      await shown.getByRole('rowheader', { name: topic, exact: true }).getByRole('link').click()
      await expect(isInSight(shown, topic)).resolves.toBe(true)
    }
  })

  test('asks for the pictures of those in sight only', async () => {
    const opened = await openDashboardPage(browser)
    if (!opened) return
    const { shown, deliver } = opened
    const picture = await video(1280, 720)
    const last = 39
    const showAll = (): void => {
      for (let index = 0; index <= last; index++) deliver(`video/cam${index}`, picture)
    }
    showAll()
    for (const index of [0, last])
      await shown.locator(`[data-topic="video/cam${index}"][data-seq="${index}"]`).waitFor()
    const tile = shown.locator(`[data-topic="video/cam${last}"]`)
    // What is kept of a picture out of sight is small.
    await shown.waitForFunction(
      (topic) => (document.querySelector<HTMLCanvasElement>(`[data-topic="${topic}"]`)?.width ?? 1280) < 640,
      `video/cam${last}`,
    )
    await tile.scrollIntoViewIfNeeded()
    // It is shown as it was, although no new one comes.
    await shown.waitForFunction(
      (topic) => document.querySelector<HTMLCanvasElement>(`[data-topic="${topic}"]`)?.width === 1280,
      `video/cam${last}`,
    )
    await shown.locator('[data-topic="video/cam0"]').scrollIntoViewIfNeeded()
    await shown.waitForFunction(
      (topic) => (document.querySelector<HTMLCanvasElement>(`[data-topic="${topic}"]`)?.width ?? 1280) < 640,
      `video/cam${last}`,
    )
    for (let round = 1; round <= 3; round++) {
      showAll()
      await shown.locator(`[data-topic="video/cam0"][data-seq="${round * (last + 1)}"]`).waitFor()
    }
    expect(await tile.getAttribute('data-seq')).toBe(String(last))
    await tile.scrollIntoViewIfNeeded()
    await shown.locator(`[data-topic="video/cam${last}"][data-seq="${4 * (last + 1) - 1}"]`).waitFor()
    expect(await tile.evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBe(1280)
  })

  test('says that not all histories are kept, and begins one for a chart that is looked at', async () => {
    const opened = await openDashboardPage(browser)
    if (!opened) return
    const { shown, deliver } = opened
    for (let index = 0; index < 34; index++) deliver(`numbers/s${index}`, numbers([index]))
    await shown.getByText('34 streams of numbers: the last ten minutes of 32 of them are kept.').waitFor()
    const last = shown.getByRole('img', { name: 'Live chart of numbers/s33' })
    await last.scrollIntoViewIfNeeded()
    while ((await last.locator('canvas').count()) === 0) deliver('numbers/s33', numbers([33]))
  })
})

/** Whether the element of a stream is in the window, once the page has stopped moving. */
async function isInSight(shown: Page, topic: string): Promise<boolean> {
  return shown.evaluate((id) => {
    const box = document.getElementById(id)?.getBoundingClientRect()
    return box !== undefined && box.top >= 0 && box.top < innerHeight
  }, topic)
}
