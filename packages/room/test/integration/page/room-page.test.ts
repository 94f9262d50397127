/// <reference lib="dom" />
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { ClipCache } from '@zcast/publisher/video'
import { Room, type RoomOptions } from '@zcast/room'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { FAKE_DEVICES, useBrowser } from '../../../../web/test/support/browser.ts'
import { enterRoom } from '../../support/enter-room.ts'
import { flashAndBeep } from '../../support/flash-and-beep.ts'
import { hearPage, untilHeard } from '../../support/hear-page.ts'

const browser = useBrowser({ flags: FAKE_DEVICES })
let room: Room | undefined

afterEach(async () => {
  await room?.close()
  room = undefined
})
// After what is open in it has been closed.
const folder = useTemporaryFolder()

/** A room with one film, `beeps`. */
async function openRoom(options: Partial<RoomOptions> = {}): Promise<Room> {
  const films = join(folder(), 'films')
  await mkdir(films)
  await flashAndBeep(join(films, 'beeps.mp4'))
  room = await Room.open({
    port: 0,
    bind: 'tcp://127.0.0.1:*',
    folder: join(folder(), 'own'),
    films,
    cache: new ClipCache({ directory: join(folder(), 'cache') }),
    ...options,
  })
  return room
}

describe('two pages in one room', () => {
  test('talk, watch a film, and pause it for each other at the same place', async () => {
    if (!browser.isHere) return
    const { address } = await openRoom()
    const ann = await enterRoom(browser, address, 'ann')
    const ben = await enterRoom(browser, address, 'ben')
    await ann.getByRole('textbox', { name: 'Message' }).fill('shall we?')
    await ann.keyboard.press('Enter')
    await ben.locator('#lines').getByText('shall we?').waitFor()
    await ben.getByRole('button', { name: 'Put on air' }).click()
    for (const page of [ann, ben]) await page.locator('#picture[data-seq]').waitFor()
    await ann.getByRole('button', { name: 'Pause', exact: true }).click()
    for (const page of [ann, ben]) await page.getByText('paused by ann').waitFor()
    const places = await Promise.all(
      [ann, ben].map((page) => page.getByRole('slider', { name: 'Position' }).inputValue()),
    )
    expect(places[0]).toBe(places[1])
    await ben.keyboard.press('Space')
    await ann.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })

  test('hear what is on air, and nothing is sent to one that is muted', async () => {
    if (!browser.isHere) return
    const { address } = await openRoom()
    const page = await browser.newPage()
    await hearPage(page)
    const heard: string[] = []
    page.on('websocket', (socket) => {
      const { pathname, searchParams } = new URL(socket.url())
      if (pathname !== '/sound') return
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') heard.push(searchParams.get('topic') ?? '')
      })
      socket.on('close', () => heard.push('closed'))
    })
    await page.goto(address)
    await page.getByRole('textbox', { name: 'Name' }).fill('ann')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('button', { name: 'Put on air' }).click()
    await page.waitForFunction(
      () => document.querySelector('#sound')?.getAttribute('aria-pressed') === 'true',
    )
    while (!heard.includes('audio/main'))
      await page.waitForEvent('websocket', { timeout: 100 }).catch(() => 0)
    await untilHeard(page)
    await page.getByRole('button', { name: 'Sound' }).click()
    while (!heard.includes('closed')) await page.waitForEvent('websocket', { timeout: 100 }).catch(() => 0)
    expect(await page.locator('#sound').getAttribute('aria-pressed')).toBe('false')
    await page.getByRole('button', { name: 'Sound' }).click()
    while (heard.indexOf('audio/main', heard.indexOf('closed')) < 0)
      await page.waitForEvent('websocket', { timeout: 100 }).catch(() => 0)
    expect(await page.getByRole('button', { name: 'Click to hear' }).isVisible()).toBe(false)
  })

  test('see each other’s cameras', async () => {
    if (!browser.isHere) return
    const { address } = await openRoom()
    const ann = await enterRoom(browser, address, 'ann')
    const ben = await enterRoom(browser, address, 'ben')
    await ben.getByRole('button', { name: 'Share camera' }).click()
    await ann.locator('.tile canvas[data-seq]').waitFor()
    await ann.getByRole('button', { name: 'Enlarge ben' }).waitFor()
    await ben.locator('.tile.own video').waitFor()
    await ben.getByRole('button', { name: 'Share camera' }).click()
    await ann.locator('.tile').waitFor({ state: 'detached' })
  })

  test('hear a clip that one has recorded, previewed and sent', async () => {
    if (!browser.isHere) return
    const { address } = await openRoom({ echoDelaySeconds: 1 })
    const listener = await browser.newPage()
    await hearPage(listener)
    const ann = await enterRoom({ open: async () => (await listener.goto(address), listener) }, address)
    const ben = await enterRoom(browser, address, 'ben')
    const fetched = ann.waitForResponse((response) => response.url().includes('/voices/'))
    await ben.locator('body').press('Tab')
    await ben.getByRole('log').focus()
    await ben.keyboard.down('r')
    await ben.locator('#record[aria-pressed="true"]').waitFor()
    await ben.waitForTimeout(1600)
    await ben.keyboard.up('r')
    await ben.getByRole('button', { name: 'Listen' }).click()
    await ben.getByRole('button', { name: 'Send clip' }).click()
    await ann.getByText('ben speaks').first().waitFor()
    expect((await fetched).status()).toBe(200)
    await untilHeard(ann)
    await ann.locator('#speakers').getByText('ben speaks').waitFor({ state: 'detached' })
  })

  test('upload films that both see', async () => {
    if (!browser.isHere) return
    const { address } = await openRoom()
    const ann = await enterRoom(browser, address, 'ann')
    const ben = await enterRoom(browser, address, 'ben')
    const choosing = ann.waitForEvent('filechooser')
    await ann.getByRole('button', { name: 'Upload' }).click()
    const own = { name: 'mine.mp4', mimeType: 'video/mp4' }
    const buffer = await readFile(join(folder(), 'films', 'beeps.mp4'))
    const text = { name: 'notes.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no film at all') }
    await (await choosing).setFiles([{ ...own, buffer }, text])
    await ben.getByRole('listitem', { name: 'mine', exact: true }).waitFor()
    await ann.locator('.upload[data-state="refused"]').getByText('notes.mp4').first().waitFor()
    await ann.getByRole('button', { name: 'Cancel notes.mp4' }).click()
    await ann.locator('.upload').waitFor({ state: 'detached' })
  })
})
