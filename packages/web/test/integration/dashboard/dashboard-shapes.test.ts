/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, openDashboardPage, video, type Feed } from '../../support/dashboard.ts'
import { expectWhole, PICTURE_SIZES, WINDOW_SIZES } from '../../support/shapes.ts'

const CANVAS = '[data-topic="video/cam"]'

const browser = useBrowser()

afterEach(closeDashboards)

/** Opens the page of a dashboard with one video, which has shown its first picture. */
async function open(): Promise<{ shown: Page; deliver: Feed['deliver'] } | undefined> {
  const opened = await openDashboardPage(browser)
  opened?.deliver('video/cam', await video())
  await opened?.shown.locator(`${CANVAS}[data-seq]`).waitFor()
  return opened
}

/** Expects pictures of all shapes whole in windows of all shapes, one after the other in one stream. */
async function expectAllWhole({ shown, deliver }: { shown: Page; deliver: Feed['deliver'] }): Promise<void> {
  for (const [index, size] of PICTURE_SIZES.entries()) {
    deliver('video/cam', await video(...size))
    await shown.locator(`${CANVAS}[data-seq="${index + 1}"]`).waitFor()
    for (const [width, height] of WINDOW_SIZES) {
      await shown.setViewportSize({ width, height })
      await expectWhole(shown, CANVAS, '.frame', size)
    }
  }
}

describe('a picture on the dashboard', () => {
  test('is seen whole in its tile, whatever its shape and that of the window', async () => {
    const opened = await open()
    if (opened) await expectAllWhole(opened)
  })

  test('is seen whole when it is enlarged by its button, and small again with Escape', async () => {
    const opened = await open()
    if (!opened) return
    const { shown } = opened
    const button = shown.getByRole('button', { name: 'Enlarge video/cam' })
    await button.press('Enter')
    await expectAllWhole(opened)
    const box = await shown.locator('.tile').boundingBox()
    const [width, height] = WINDOW_SIZES.at(-1) ?? []
    expect(box).toMatchObject({ x: 0, y: 0, width, height })
    expect(await shown.locator('header.bar').evaluate((bar) => (bar as HTMLElement).inert)).toBe(true)
    await shown.keyboard.press('Escape')
    await button.waitFor()
    expect(await shown.locator('header.bar').evaluate((bar) => (bar as HTMLElement).inert)).toBe(false)
  })

  test('is enlarged by a click, and seen whole in full screen after a double click', async () => {
    const opened = await open()
    if (!opened) return
    const { shown } = opened
    await shown.locator('.frame').click()
    await shown.locator('.tile.enlarged').waitFor()
    await shown.keyboard.press('Escape')
    await shown.locator('.tile:not(.enlarged) .frame').dblclick()
    await shown.waitForFunction(() => document.fullscreenElement?.matches('.tile'))
    await expectAllWhole(opened)
  })
})
