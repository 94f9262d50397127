/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import { enterRoom } from '../../support/enter-room.ts'
import { paintStill } from '../../support/film-still.ts'
import { useScriptedRooms } from '../../support/scripted-rooms.ts'
import { useMovieNight } from '../../support/use-movie-night.ts'

const browser = useBrowser()
const openRoom = useScriptedRooms()
const openNight = useMovieNight()

describe('what is on air, on the page', () => {
  test('is paused by one and seen paused by the other, who goes on', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const ann = await enterRoom(browser, night.address, 'ann')
    const eve = await enterRoom(browser, night.address, 'eve')
    await ann.getByRole('button', { name: 'Pause', exact: true }).click()
    await eve.getByRole('button', { name: 'Play', exact: true }).waitFor()
    await eve.getByText('paused by ann').waitFor()
    const [one, other] = await Promise.all([ann, eve].map((page) => page.locator('#time').textContent()))
    expect(one).toBe(other)
    await eve.getByRole('button', { name: 'Play', exact: true }).click()
    await ann.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('follows Space, but not while somebody types; and not the button that was clicked last', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.getByRole('textbox', { name: 'Message' }).pressSequentially('a b')
    await page.getByRole('tab', { name: 'People' }).click()
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Chat' }).focus()
    await page.keyboard.press(' ')
    await page.getByRole('log').waitFor()
    const kinds = night.said.seen.map(({ type }) => type)
    expect(kinds.filter((type) => type === 'pause' || type === 'play')).toEqual(['pause'])
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('a b')
  })

  test('goes where the slider is put, by mouse and keys', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    night.put({ isPlaying: false, position: 100 })
    const page = await enterRoom(browser, night.address)
    const slider = page.getByRole('slider', { name: 'Position' })
    await page.getByText('1:40', { exact: true }).waitFor()
    await slider.press('ArrowRight')
    await page.getByText('1:45', { exact: true }).waitFor()
    await slider.press('PageDown')
    await page.getByText('1:15', { exact: true }).waitFor()
    await slider.fill('600')
    await page.getByText('10:00', { exact: true }).waitFor()
    const seeks = night.said.seen.filter(({ type }) => type === 'seek')
    expect(seeks).toEqual([105, 75, 600].map((to) => ({ type: 'seek', to })))
    expect(await slider.getAttribute('aria-valuetext')).toBe('10 minutes of 21 minutes 52 seconds')
  })

  test('is chosen among the films, each with its length and size', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    const film = page.getByRole('listitem', { name: 'Tidal', exact: true })
    expect(await film.textContent()).toContain('7:08')
    expect(await film.textContent()).toContain('96 MB · 1920 × 1080 · by ben')
    await film.getByRole('button', { name: 'Put on air' }).click()
    await film.getByText('On air', { exact: true }).waitFor()
    await page.locator('#on-air', { hasText: 'Tidal · by ann' }).waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await night.said.until((said) => said.at(-1)?.type === 'next')
  })

  test('shows its pictures, and a guest’s camera in its place where that is enlarged', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    const stills = [await paintStill(200, 320), await paintStill(20, 160, 120)] as const
    const showing = setInterval(() => {
      night?.show(stills[0])
      night?.show(stills[1], 'video/ben')
    }, 100)
    try {
      await page.locator('#picture[data-seq][width="320"]').waitFor()
      await page.getByRole('button', { name: 'Enlarge ben' }).click()
      await page.locator('#picture[data-seq][width="160"]').waitFor()
      await page.getByRole('button', { name: 'Enlarge ben' }).click()
      await page.locator('#picture[data-seq][width="320"]').waitFor()
    } finally {
      clearInterval(showing)
    }
  })

  test('says why it stands still', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    night.put({ problem: 'its file has been removed: choose another film' })
    await page.getByText('The long way north stands still').waitFor()
    await page.getByText('its file has been removed: choose another film').waitFor()
  })
})

describe('the page of the room', () => {
  test('is joined, written in and steered by keyboard alone', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await browser.open(night.address)
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await page.keyboard.type('kim')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    await page.keyboard.type('hello from the keyboard')
    await page.keyboard.press('Enter')
    await page.locator('#lines').getByText('hello from the keyboard').waitFor()
    const isAt = (name: string): Promise<boolean> =>
      page.evaluate((wanted) => document.activeElement?.textContent?.trim() === wanted, name)
    for (let step = 0; step < 60 && !(await isAt('Pause')); step++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  })

  test('says that a name is needed, and lets nobody in without one', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await browser.open(room.address)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('alert').filter({ hasText: 'Give a name first.' }).waitFor()
    expect(room.said.seen).toEqual([])
  })

  test('keeps the name where the room is full, so that it can be tried again', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    room.refuses.set('join', 'the room is full: 200 people are here')
    const page = await browser.open(room.address)
    await page.getByRole('textbox', { name: 'Name' }).fill('ann')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('Not let in: the room is full: 200 people are here.').waitFor()
    room.refuses.clear()
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
  })

  test('is the same guest after it was loaded anew', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    await page.reload()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    const joins = room.said.seen.filter(({ type }) => type === 'join')
    expect(joins.at(-1)).toEqual({ type: 'join', name: 'ann', key: 'key of ann' })
  })

  test('stays away once somebody had to leave, until they go in again', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    room.tell({ type: 'goodbye', reason: 'the room is closed' })
    room.drop()
    await page.getByText('The room is closed.').waitFor()
    await page.getByRole('button', { name: 'Go in again' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    expect(room.said.seen.filter(({ type }) => type === 'join')).toHaveLength(2)
  })

  test('leaves the picture, and what one writes, in sight above the keyboard of a phone', async () => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await browser.newPage()
    const phone = await page.context().newCDPSession(page)
    const resize = (width: number, height: number): Promise<unknown> =>
      phone.send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: true,
      })
    await phone.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await resize(390, 844)
    await enterRoom({ open: async (address) => (await page.goto(address), page) }, night.address)
    await page.getByRole('textbox', { name: 'Message' }).focus()
    await resize(390, 420)
    await page.locator('body.keyboard').waitFor()
    const boxes = await Promise.all(
      ['#message', '#send', '#stage'].map((id) => page.locator(id).boundingBox()),
    )
    for (const box of boxes) {
      expect(box?.y).toBeGreaterThanOrEqual(0)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(420)
    }
    await page.getByRole('textbox', { name: 'Message' }).blur()
    await resize(390, 844)
    await page.getByRole('button', { name: 'Record' }).waitFor()
  })

  test.each([
    [1280, 800],
    [1024, 640],
    [640, 400],
    [390, 844],
    [320, 568],
    [844, 390],
    [667, 375],
  ])('fits a window of %d x %d: nothing is cut off, and one can write', async (width, height) => {
    if (!browser.isHere) return
    const night = await openNight()
    const page = await browser.newPage()
    await page.setViewportSize({ width, height })
    await page.goto(night.address)
    await page.getByRole('textbox', { name: 'Name' }).fill('ann')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    const outside = await page.evaluate(() => {
      const wanted = [
        '#play',
        '#next',
        '#sound',
        '#position',
        '#message',
        '#send',
        '#record',
        '#share-camera',
      ]
      return wanted.filter((id) => {
        const box = document.querySelector(id)?.getBoundingClientRect()
        if (!box) return true
        const isInside =
          box.width > 20 && box.left >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1
        const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        return !isInside || !at?.closest(id)
      })
    })
    expect(outside).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  })
})
