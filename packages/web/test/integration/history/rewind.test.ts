/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { writeFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import type { Past } from '../../../src/history/past.ts'
import { expectAccessible } from '../../support/audit.ts'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'
import { FakeHistory } from '../../support/fake-history.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const browser = useBrowser()

afterEach(async () => {
  await closeDashboards()
  await closeViewers()
})

const START = 1_795_680_000
const SECONDS = 40

/** Pictures and numbers of forty seconds, one each second; the numbers say which. */
async function record(): Promise<FakeHistory> {
  const history = new FakeHistory()
  const jpeg = await paint([0, 128, 0], 640, 360)
  for (let at = 0; at <= SECONDS; at++) {
    history.addPicture(START + at, 'video/main', jpeg)
    history.addArray(START + at, [at, 2 * at])
  }
  history.addSaid(START + 5, 'Ann', 'it moves')
  history.addSaid(START + 30, 'Bob', 'it fell')
  history.kept.sort((one, other) => one.recordedAt - other.recordedAt)
  history.lostNotes.push({ topic: 'video/main', epoch: 1, first: 5, count: 3, time: START + 10 })
  history.logLines.push(
    { time: START + 5, line: 'the first thing went wrong' },
    { time: START + 30, line: 'the second thing went wrong' },
  )
  return history
}

/** Waits until what has this selector says what is wanted. */
async function untilSaid(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor()
}

/** Waits until the tile shows the picture of this second: its number is twice that. */
async function untilShown(page: Page, second: number): Promise<void> {
  await page.locator(`.tile canvas[data-seq="${2 * second}"]`).waitFor()
}

describe('a recording in the page of a dashboard', () => {
  test('is shown as it was at the moment that the timeline points to: pictures, charts and log', async () => {
    if (!browser.isHere) return
    const past: Past = {
      history: await record(),
      isLive: false,
      formats: ['csv'],
      save: (_, path) => writeFile(path, 'time,0\n'),
    }
    const { address } = await openDashboard({ past })
    const page = await browser.open(address)
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.waitFor()
    await untilShown(page, 0)
    expect(await page.getByRole('button', { name: 'Live' }).count()).toBe(0)

    // By keyboard, from wherever the focus is.
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await untilShown(page, 11)
    await untilSaid(page, '.readout', '22')
    await untilSaid(page, '.lines .at', 'the first thing')
    await untilSaid(page, '#said', 'it moves')
    expect(await page.locator('#said').innerText()).not.toContain('it fell')
    expect(await slider.getAttribute('aria-valuenow')).toBe('11.0')
    await slider.press('End')
    await untilShown(page, SECONDS)
    await untilSaid(page, '.lines .at', 'the second thing')
    await untilSaid(page, '#said', 'it fell')
    await page.keyboard.press(',')
    await untilShown(page, SECONDS - 1)

    // By pointer.
    const box = await slider.boundingBox()
    if (!box) throw new Error('the timeline is not there')
    await page.mouse.move(box.x + 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 })
    await page.mouse.up()
    await untilShown(page, SECONDS / 2)

    // It plays to the end, and stands still there.
    await page.getByLabel('Speed').selectOption('8')
    await page.keyboard.press(' ')
    await untilShown(page, SECONDS)
    await page.getByRole('button', { name: 'Play' }).waitFor()

    // A selection becomes a file.
    await page.keyboard.press('o')
    await slider.press('Home')
    await page.keyboard.press('i')
    await page.getByRole('button', { name: 'Save' }).first().click()
    const download = page.waitForEvent('download')
    await page.locator('.save-panel button').click()
    expect((await download).suggestedFilename()).toMatch(/^numbers-imu-.*\.csv$/)
    await untilSaid(page, '.told', '.csv')
    await expectAccessible(page)
  })
})

describe('a page of what is live', () => {
  test('goes back into what is kept, and on to what is live', async () => {
    if (!browser.isHere) return
    const dashboard = await openDashboard({ past: { history: await record(), isLive: true } })
    const { deliver } = await openFeed(dashboard.feed())
    const picture = await video()
    const showing = setInterval(() => {
      deliver('video/main', picture)
      deliver('numbers/imu', numbers([1, 2]))
    }, 100)
    try {
      const page = await browser.open(dashboard.address)
      await untilSaid(page, '#state', 'Live')
      await untilSaid(page, '.behind', 'live')
      await page.locator('.tile canvas[data-seq]').waitFor()
      await page.keyboard.press(' ')
      await untilSaid(page, '#state', 'Not live')
      await page.getByRole('slider', { name: 'Moment' }).press('Home')
      await untilShown(page, 0)
      await untilSaid(page, '.tile .rate', '00.0')
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Live' }).click()
      await untilSaid(page, '#state', 'Live')
      await page.locator('.tile canvas:not([data-seq="0"])').waitFor()
    } finally {
      clearInterval(showing)
    }
  })

  test('has the same timeline for one stream of a viewer', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer({ past: { history: await record(), isLive: true } })
    const red = await paint([255, 0, 0], 640, 360)
    const showing = setInterval(() => viewer.show(red), 100)
    try {
      const page = await browser.open(viewer.address)
      await page.locator('body[data-state="live"]').waitFor()
      const slider = page.getByRole('slider', { name: 'Moment' })
      await slider.press('End')
      await page.locator(`#picture[data-seq="${2 * SECONDS}"]`).waitFor()
      await page.locator('body[data-state="past"]').waitFor()
      await page.keyboard.press(',')
      await page.locator(`#picture[data-seq="${2 * SECONDS - 2}"]`).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Live' }).click()
      await page.locator('body[data-state="live"]').waitFor()
    } finally {
      clearInterval(showing)
    }
  })
})
