/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { wallClock } from '@zcast/shared'
import type { Page } from 'playwright-core'
import { expectAccessible } from '../../support/audit.ts'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, openDashboard, openFeed, video } from '../../support/dashboard.ts'
import { openSound, soundBlock, type Sounding } from '../../support/sounds.ts'
import { expectTabReachesAll } from '../../support/tab-through.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const browser = useBrowser()
const ends: (() => void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await Promise.all([closeViewers(), closeDashboards()])
})

function testInBrowser(title: string, run: () => Promise<void>): void {
  test(title, async () => {
    if (browser.isHere) await run()
  })
}

/** A viewer of red pictures with a tone, and the address of its page. */
async function openSounding(): Promise<{ address: string; sound: Sounding }> {
  const viewer = await openViewer({ lingerMs: 0 })
  const sound = await openSound(viewer.sink.sound())
  const red = await paint([255, 0, 0])
  const showing = setInterval(() => viewer.show(red), 40)
  ends.push(() => clearInterval(showing), sound.playTone())
  return { address: viewer.address, sound }
}

/** Waits until the page tells that it is loud, or silent. */
async function untilLevel(page: Page, level: RegExp): Promise<void> {
  await page.waitForFunction(
    (pattern) => new RegExp(pattern).test(document.querySelector('.level')?.ariaValueText ?? ''),
    level.source,
  )
}

const LOUD = /^-[3-9] dB$/

describe('the sound of a page', () => {
  testInBrowser('is off until a click, plays then, and nothing of it is sent after another', async () => {
    const { address, sound } = await openSounding()
    const page = await browser.open(address)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    const button = page.getByRole('button', { name: 'Sound off, click to hear' })
    await button.waitFor()
    expect(await page.getByRole('slider').count()).toBe(0)
    await sound.pauses.last('pause')
    await button.click()
    await untilLevel(page, LOUD)
    expect(sound.pauses.seen.at(-1)).toBe('resume')
    await page.getByRole('button', { name: 'Mute' }).click()
    await sound.pauses.last('pause')
    await button.waitFor()
    expect(complaints).toEqual([])
  })

  testInBrowser('is turned on and off by a key, and rests while the page is paused', async () => {
    const { address, sound } = await openSounding()
    const page = await browser.open(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).waitFor()
    await page.keyboard.press('m')
    await untilLevel(page, LOUD)
    await page.keyboard.press('Space')
    await sound.pauses.last('pause')
    await page.keyboard.press('Space')
    await untilLevel(page, LOUD)
    await page.keyboard.press('m')
    await sound.pauses.last('pause')
  })

  testInBrowser('is as loud as the page was the last time', async () => {
    const { address } = await openSounding()
    const page = await browser.open(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await page.getByRole('slider', { name: 'Volume of main' }).fill('30')
    const other = await browser.open(address)
    await other.getByRole('button', { name: 'Sound off, click to hear' }).click()
    expect(await other.getByRole('slider').inputValue()).toBe('30')
  })

  testInBrowser('plays without an audio worklet, which plain http from elsewhere does not have', async () => {
    const { address } = await openSounding()
    const page = await browser.newPage()
    await page.addInitScript(() => {
      Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', { value: undefined })
      class Counted extends AudioBufferSourceNode {
        override start(...args: Parameters<AudioBufferSourceNode['start']>): void {
          Object.assign(window, { started: true })
          super.start(...args)
        }
      }
      Object.assign(window, { AudioBufferSourceNode: Counted })
    })
    await page.goto(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await untilLevel(page, LOUD)
    expect(await page.evaluate('started')).toBe(true)
  })

  testInBrowser('plays behind a proxy that lets no WebSocket through', async () => {
    const { address } = await openSounding()
    const page = await browser.newPage()
    await page.addInitScript(() => {
      const { OPEN, CONNECTING, CLOSING, CLOSED } = WebSocket
      class Refused extends EventTarget {
        readonly readyState = CONNECTING
        constructor() {
          super()
          setTimeout(() => this.dispatchEvent(new Event('close')))
        }
        close(): void {}
        send(): void {}
      }
      Object.assign(window, { WebSocket: Object.assign(Refused, { OPEN, CONNECTING, CLOSING, CLOSED }) })
    })
    await page.goto(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await untilLevel(page, LOUD)
  })

  testInBrowser('says so when no sound comes, and when the browser has none', async () => {
    const viewer = await openViewer()
    const sound = await openSound(viewer.sink.sound())
    const end = sound.playTone()
    ends.push(end)
    const page = await browser.open(viewer.address)
    viewer.show(await paint([255, 0, 0]))
    const button = page.getByRole('button', { name: 'Sound off, click to hear' })
    await button.waitFor()
    end()
    await button.click()
    await page.getByRole('status').getByText('No sound comes').waitFor()
    await page.getByRole('button', { name: 'Mute' }).click()
    await page.reload()
    await button.waitFor()
    await page.evaluate(() => Object.assign(window, { AudioContext: undefined }))
    await button.click()
    await page.getByRole('status').getByText('This browser plays no sound').waitFor()
  })

  testInBrowser('says so when less comes than it plays', async () => {
    const viewer = await openViewer()
    const sound = await openSound(viewer.sink.sound())
    const start = wallClock()
    let seq = 0
    // Of each second two thirds.
    const sending = setInterval(() => {
      for (; start + seq / 50 <= wallClock(); seq++)
        if (seq % 50 < 33) sound.deliver({ ...soundBlock(seq), time: start + seq / 50 })
    }, 20)
    ends.push(() => clearInterval(sending))
    const page = await browser.open(viewer.address)
    viewer.show(await paint([255, 0, 0]))
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await page.getByRole('status').getByText('Too little comes in time').waitFor()
  })

  testInBrowser('can be used by everybody, on a phone too', async () => {
    const { address } = await openSounding()
    const page = await browser.open(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await expectAccessible(page)
    await expectTabReachesAll(page)
    await page.setViewportSize({ width: 320, height: 568 })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })
})

describe('the sounds of a dashboard', () => {
  testInBrowser(
    'are on the tile of their video, or on a card of their own, and play side by side',
    async () => {
      const dashboard = await openDashboard({ lingerMs: 0 })
      const sound = await openSound(dashboard.feed({ sound: true }))
      const videos = await openFeed(dashboard.feed())
      ends.push(sound.playTone('audio/cam'), sound.playTone('audio/radio'))
      const page = await browser.open(dashboard.address)
      const card = page.locator('.sound-card').filter({ hasText: 'cam' })
      await card.waitFor()
      videos.deliver('video/cam', await video())
      const tile = page.locator('figure').filter({ hasText: 'cam' })
      await tile.getByRole('button', { name: 'Sound off, click to hear' }).click()
      await page.locator('.sound-card').getByRole('button').click()
      for (const name of ['cam', 'radio']) {
        await page.waitForFunction(
          (label) =>
            /^-[3-9] dB$/.test(
              document.querySelector(`[aria-label="Level of ${label}"]`)?.ariaValueText ?? '',
            ),
          name,
        )
      }
      expect(await card.count()).toBe(0)
      await expectAccessible(page)
    },
  )
})
