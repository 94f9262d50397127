/// <reference lib="dom" />
import { afterAll, test } from '@jest/globals'
import { wallClock } from '@zcast/shared'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import { paintStill } from '../../support/film-still.ts'
import { ScriptedRoom } from '../../support/scripted-room.ts'
import { movieNight } from '../../support/movie-night.ts'

const browser = useBrowser()
const SIZES = { desk: [1280, 800], phone: [390, 844], side: [844, 390] } as const
const rooms: ScriptedRoom[] = []
afterAll(() => Promise.all(rooms.map((room) => room.close())))

test('look', async () => {
  const which = (process.env['LOOK'] ?? 'night,empty').split(',')
  for (const what of which) {
    const room = what === 'night' ? await movieNight() : await ScriptedRoom.open({ room: 'main' })
    rooms.push(room)
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      for (const colorScheme of ['dark', 'light'] as const) {
        const page = await browser.newPage()
        page.on('console', (message) => console.log(size, message.type(), message.text()))
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height })
        await page.goto(room.address)
        await page.getByRole('textbox', { name: 'Name' }).waitFor()
        if (what === 'empty') await page.screenshot({ path: `/tmp/look/join-${size}-${colorScheme}.png` })
        await page.getByRole('textbox', { name: 'Name' }).fill('ann')
        await page.getByRole('button', { name: 'Join' }).click()
        await page.locator('#room:not([hidden])').waitFor()
        if (what === 'night') {
          const still = await paintStill(220)
          for (let index = 0; index < 6; index++) {
            room.show(still)
            room.show(await paintStill(20, 320, 180), 'video/ben')
            room.show(await paintStill(120, 320, 180), 'video/cleo')
            await page.waitForTimeout(150)
          }
        } else await page.waitForTimeout(600)
        await page.screenshot({ path: `/tmp/look/${what}-${size}-${colorScheme}.png` })
        if (size === 'phone' && what === 'night') {
          await page.getByRole('tab', { name: 'Films' }).click()
          await page.waitForTimeout(300)
          await page.screenshot({ path: `/tmp/look/films-${size}-${colorScheme}.png` })
        }
        if (size === 'desk' && what === 'night') {
          await page.getByRole('tab', { name: 'People' }).click()
          await page.waitForTimeout(200)
          await page.screenshot({ path: `/tmp/look/people-${size}-${colorScheme}.png` })
        }
        await page.close()
      }
    }
  }
  void wallClock
}, 300_000)
