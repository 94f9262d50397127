/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { expectAccessible } from '../../support/audit.ts'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, openDashboard } from '../../support/dashboard.ts'
import { FakeHistory } from '../../support/fake-history.ts'
import { forget, measureStep, watch } from '../../support/in-step.ts'
import { closeViewers, paint } from '../../support/viewer.ts'

const browser = useBrowser()

afterEach(async () => {
  await closeDashboards()
  await closeViewers()
})

const START = 1_795_680_000
const SECONDS = 60
const RATE = 8000
/** A camera 120 ms away, and a microphone 40 ms: each came as much after its time. */
const [PICTURE_TRANSIT, SOUND_TRANSIT] = [0.12, 0.04]

/** A minute that flashes and beeps at the beginning of each second, by the times of its pictures and sound. */
async function record(clock = 0): Promise<FakeHistory> {
  const history = new FakeHistory()
  const [black, white] = [await paint([0, 0, 0], 160, 90), await paint([255, 255, 255], 160, 90)]
  for (let at = 0; at < SECONDS * 50; at++) {
    const time = START + at / 50
    const isOn = at % 50 < 5
    if (at % 2 === 0)
      history.addPicture(time + PICTURE_TRANSIT, 'video/main', isOn ? white : black, time + clock)
    const tone = (_: unknown, sample: number): number =>
      isOn ? 16_000 * Math.sin((2 * Math.PI * 1000 * sample) / RATE) : 0
    const samples = Int16Array.from({ length: RATE / 50 }, tone)
    history.addSound(time + SOUND_TRANSIT, samples, { rate: RATE, time: time + clock })
  }
  history.kept.sort((one, other) => one.recordedAt - other.recordedAt)
  return history
}

async function openPage(history: FakeHistory): Promise<Page> {
  const { address } = await openDashboard({ past: { history, isLive: false } })
  const page = await browser.newPage()
  await page.addInitScript(watch)
  await page.goto(address)
  await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
  return page
}

describe('sound of the past', () => {
  test('is heard with the pictures of its time, from wherever it is played', async () => {
    if (!browser.isHere) return
    const page = await openPage(await record())
    await page.getByRole('button', { name: 'Play' }).click()
    const steps = [await measureStep(page, 5)]
    await page.getByRole('slider', { name: 'Moment' }).press('PageUp')
    await forget(page)
    steps.push(await measureStep(page, 5))
    for (const step of steps) expect(Math.abs(step)).toBeLessThanOrEqual(40)
    await expectAccessible(page)
  })
})
