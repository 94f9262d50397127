/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { Past } from '../../../src/history/past.ts'
import { expectAccessible } from '../../support/audit.ts'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, openDashboard } from '../../support/dashboard.ts'
import { FakeHistory } from '../../support/fake-history.ts'
import { forget, measureStep, watch } from '../../support/in-step.ts'
import { openSound } from '../../support/sounds.ts'
import { paint } from '../../support/viewer.ts'

const browser = useBrowser()

const ends: (() => void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await closeDashboards()
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

/** Counts what is connected to the speakers, now and at most. */
function count(): void {
  const sounding = new Set<AudioNode>()
  const counted = { now: 0, most: 0 }
  Object.assign(window, { counted })
  const { prototype } = AudioNode
  const [connect, disconnect] = [Reflect.get(prototype, 'connect'), Reflect.get(prototype, 'disconnect')]
  prototype.connect = function (this: AudioNode, ...args: unknown[]): never {
    if (args[0] instanceof AudioDestinationNode) sounding.add(this)
    counted.now = sounding.size
    counted.most = Math.max(counted.most, counted.now)
    return Reflect.apply(connect, this, args) as never
  }
  prototype.disconnect = function (this: AudioNode, ...args: unknown[]): void {
    sounding.delete(this)
    counted.now = sounding.size
    Reflect.apply(disconnect, this, args)
  }
}

async function untilSounding(page: Page, wanted: number): Promise<void> {
  await page.waitForFunction(
    (now) => (window as unknown as { counted: { now: number } }).counted.now === now,
    wanted,
  )
}

async function openPage(past: Past, script: () => void): Promise<Page> {
  const dashboard = await openDashboard({ past })
  if (past.isLive) {
    const sound = await openSound(dashboard.feed({ sound: true }))
    ends.push(sound.playTone())
  }
  const page = await browser.newPage()
  await page.addInitScript(script)
  await page.goto(dashboard.address)
  await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
  return page
}

describe('sound of the past', () => {
  test('is heard with the pictures of its time, from wherever it is played, again and again too', async () => {
    if (!browser.isHere) return
    const page = await openPage({ history: await record(), isLive: false }, watch)
    await page.getByRole('button', { name: 'Play' }).click()
    const steps = [await measureStep(page, 5)]
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.press('PageUp')
    await forget(page)
    steps.push(await measureStep(page, 5))
    // From 20 s to 22 s, in a loop.
    await page.keyboard.press('Space')
    await slider.press('Home')
    await slider.press('PageUp')
    await slider.press('PageUp')
    await page.keyboard.press('i')
    await slider.press('ArrowRight')
    await slider.press('ArrowRight')
    await page.keyboard.press('o')
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Play' }).click()
    await forget(page)
    steps.push(await measureStep(page, 5))
    for (const step of steps) expect(Math.abs(step)).toBeLessThanOrEqual(40)
    await expectAccessible(page)
  })

  test('is heard with its pictures where their publisher has another clock', async () => {
    if (!browser.isHere) return
    const page = await openPage({ history: await record(-1e6), isLive: false }, watch)
    await page.getByRole('button', { name: 'Play' }).click()
    expect(Math.abs(await measureStep(page, 5))).toBeLessThanOrEqual(40)
  })

  test('is silent while time stands still or flies, and never sounds beside what is live', async () => {
    if (!browser.isHere) return
    const page = await openPage({ history: await record(), isLive: true }, count)
    await untilSounding(page, 1)
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.press('Home')
    await untilSounding(page, 0)
    await page.getByRole('button', { name: 'Play' }).click()
    await untilSounding(page, 1)
    const speed = page.getByLabel('Speed')
    await speed.selectOption('4')
    await untilSounding(page, 0)
    await page.getByRole('status').getByText('Heard up to 2×').waitFor()
    await speed.selectOption('0.5')
    await untilSounding(page, 1)
    const box = await slider.boundingBox()
    if (!box) throw new Error('the timeline is not there')
    await page.mouse.move(box.x + 5, box.y + box.height / 2)
    await page.mouse.down()
    await untilSounding(page, 0)
    await page.mouse.up()
    await untilSounding(page, 1)
    await page.getByRole('button', { name: 'Mute' }).click()
    await untilSounding(page, 0)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await untilSounding(page, 1)
    await page.getByRole('button', { name: 'Live', exact: true }).click()
    await page.locator('#state').filter({ hasText: 'Live' }).waitFor()
    await untilSounding(page, 1)
    expect(await page.evaluate('counted.most')).toBe(1)
  })
})
