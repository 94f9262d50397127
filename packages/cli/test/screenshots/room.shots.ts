import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { enterRoom } from '../../../room/test/support/enter-room.ts'
import { paintStill } from '../../../room/test/support/film-still.ts'
import { movieNight } from '../../../room/test/support/movie-night.ts'
import type { ScriptedRoom } from '../../../room/test/support/scripted-room.ts'
import { useBrowser } from '../../../web/test/support/browser.ts'
import { savePicture } from './save-picture.ts'

const browser = useBrowser()
const COMPUTER = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
const SIDEWAYS = { width: 844, height: 390 }

describe('screenshots of the room', () => {
  let room: ScriptedRoom

  beforeAll(async () => {
    room = await movieNight(480)
  })
  afterAll(() => room.close())

  async function open(
    viewport: typeof PHONE,
    colorScheme: 'dark' | 'light',
    address = room.address,
  ): Promise<Page> {
    const page = await browser.newPage()
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    return enterRoom({ open: async () => (await page.goto(address), page) }, address)
  }

  /** Shows the film and the cameras until they are there. */
  async function show(page: Page): Promise<void> {
    const film = await paintStill(220, 960)
    const cameras = { ben: await paintStill(20, 320), cleo: await paintStill(120, 320) }
    for (let wanted = 3; (await page.locator('canvas[data-seq]').count()) < wanted; await delay(100)) {
      room.show(film)
      for (const [name, still] of Object.entries(cameras)) room.show(still, `video/${name}`)
    }
    await delay(500)
  }

  test('on a computer, on a phone, and sideways', async () => {
    for (const [name, colorScheme, viewport] of [
      ['room', 'dark', COMPUTER],
      ['room-phone', 'light', PHONE],
      ['room-sideways', 'dark', SIDEWAYS],
    ] as const) {
      const page = await open(viewport, colorScheme)
      await show(page)
      // Nothing is pointed at.
      await page.mouse.move(0, 0)
      await savePicture(name, await page.screenshot(), viewport.width)
      await page.close()
    }
  })
})
