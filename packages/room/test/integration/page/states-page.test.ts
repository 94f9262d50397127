/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import { expectTabReachesAll } from '../../../../web/test/support/tab-through.ts'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { enterRoom } from '../../support/enter-room.ts'
import { useScriptedRooms } from '../../support/scripted-rooms.ts'
import { useMovieNight } from '../../support/use-movie-night.ts'

const browser = useBrowser()
const openRoom = useScriptedRooms()
const openNight = useMovieNight()

describe('the page of the room says what to do', () => {
  test('where the browser lets nothing be heard before a click', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    // A page that is loaded anew has not been clicked yet.
    await page.reload()
    await page.getByRole('button', { name: 'Click to hear' }).click()
    await page.getByRole('button', { name: 'Click to hear' }).waitFor({ state: 'hidden' })
    expect(await page.getByRole('button', { name: 'Sound' }).getAttribute('aria-pressed')).toBe('true')
  })

  test.each([
    ['NotAllowedError', 'Share camera', 'The browser does not let this page use the camera: allow it'],
    ['NotFoundError', 'Share camera', 'No camera was found: plug one in, then try again.'],
    ['NotReadableError', 'Share microphone', 'The microphone is in use by another program'],
    ['NotFoundError', 'Record', 'No microphone was found: plug one in, then try again.'],
  ])('where a browser answers with %s to "%s"', async (name, button, sentence) => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    await page.evaluate((kind) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', kind))
    }, name)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('listitem').filter({ hasText: sentence }).waitFor()
    expect(await page.getByRole('button', { name: button }).getAttribute('aria-pressed')).toBe('false')
  })

  test('where the page is not of https, so that browsers give it no camera', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await browser.newPage()
    await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
    await page.goto(room.address)
    await enterRoom({ open: async () => page }, room.address)
    await page.getByRole('button', { name: 'Share screen' }).click()
    await page.getByText('Open the room by https: start it with --https.').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.locator('.note').waitFor({ state: 'detached' })
  })

  test('behind a proxy that lets no WebSocket through, where plain requests take its place', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await browser.newPage()
    await page.addInitScript(() => {
      const Real = window.WebSocket
      window.WebSocket = class extends Real {
        constructor() {
          super(new URL('nowhere', location.href.replace('http', 'ws')))
        }
      }
    })
    await enterRoom({ open: async (address) => (await page.goto(address), page) }, room.address)
    await page.getByRole('textbox', { name: 'Message' }).fill('by requests')
    await page.keyboard.press('Enter')
    await page.locator('#lines').getByText('by requests').waitFor()
    room.write('ben', 'and back')
    await page.locator('#lines').getByText('and back').waitFor()
    room.put({ film: 'film', name: 'film' })
    room.show({ data: await plainPicture(64, 36, [0, 128, 0]), width: 64, height: 36 })
    await page.locator('#picture').waitFor()
  })

  test('where a host bans and unbans', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.getByRole('tab', { name: /People/ }).click()
    await page.getByRole('button', { name: 'Actions: cleo' }).click()
    await page.getByRole('menuitem', { name: 'Ban cleo…' }).click()
    await page.getByRole('button', { name: 'Ban', exact: true }).click()
    await night.said.until((said) => said.at(-1)?.type === 'ban')
    night.tell({ type: 'bans', bans: [{ guest: 'id of cleo', name: 'cleo', time: 0 }] })
    await page.getByRole('button', { name: 'Let in again' }).click()
    await night.said.until((said) => said.at(-1)?.type === 'unban')
    night.tell({ type: 'bans', bans: [] })
    await page.getByText('Banned').waitFor({ state: 'hidden' })
    expect(night.said.seen.slice(-2)).toEqual([
      { type: 'ban', guest: 'id of cleo' },
      { type: 'unban', guest: 'id of cleo' },
    ])
  })
})

describe('the Tab key', () => {
  test('reaches everything in the room', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.locator('.film').first().waitFor()
    await expectTabReachesAll(page)
  })

  test('reaches everything on a phone, where the arrows change the panel', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('tab', { name: /Chat/ }).press('ArrowLeft')
    await page.getByRole('button', { name: 'Put on air' }).first().waitFor()
    await expectTabReachesAll(page)
    await page.getByRole('tab', { name: 'Films' }).press('ArrowRight')
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
  })
})
