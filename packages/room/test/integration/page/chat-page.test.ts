/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { wallClock } from '@zcast/shared'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import type { ChatLine } from '../../../src/messages/room-messages.ts'
import { enterRoom } from '../../support/enter-room.ts'
import type { ScriptedRoom } from '../../support/scripted-room.ts'
import { useScriptedRooms } from '../../support/scripted-rooms.ts'

const browser = useBrowser()
const openRoom = useScriptedRooms()

/** Lines of the chat as they are read. */
function readLines(page: Page): Promise<string[]> {
  return page.locator('#lines .line-text').allTextContents()
}

function makeChat(count: number): ChatLine[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    time: wallClock() - (count - index) * 10,
    guest: 'id of ben',
    name: 'ben',
    text: `line ${index + 1}`,
  }))
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}

/** Counts how far anything moved by itself from now on. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const found = window as unknown as { shifts: number }
    found.shifts = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) found.shifts += (entry as unknown as { value: number }).value
    }).observe({ type: 'layout-shift' })
  })
  return () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          requestAnimationFrame(() =>
            setTimeout(() => resolve((window as unknown as { shifts: number }).shifts), 100),
          )
        }),
    )
}

function writeMany(room: ScriptedRoom, count: number): void {
  const long = 'a word and a longer one, so that some lines are two or three lines of this page high '
  for (let index = 0; index < count; index++) room.write('ben', `${index} ${long.repeat(index % 3)}`)
}

describe('the chat of the page', () => {
  test('shows what two pages say to each other, and who is typing', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const ann = await enterRoom(browser, room.address, 'ann')
    const ben = await enterRoom(browser, room.address, 'ben')
    await ben.getByRole('textbox', { name: 'Message' }).pressSequentially('hi')
    await ann.getByText('ben is typing…').waitFor()
    await ben.keyboard.press('Enter')
    await ann.locator('#lines').getByText('hi').waitFor()
    await say(ann, 'hello ben')
    await ben.locator('#lines').getByText('hello ben').waitFor()
    expect(await readLines(ann)).toEqual(['hi', 'hello ben'])
    expect(await ann.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('')
    expect(await ann.locator('#pending').textContent()).toBe('')
  })

  test('shows text as text, and web addresses alone as links', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    room.write('ben', '<img src=x onerror=alert(1)> javascript:alert(1) http://')
    room.write('ben', 'see (https://example.org/a_(b)?c=1), or HTTP://EXAMPLE.ORG/x.')
    await page.getByText('see (').waitFor()
    expect((await readLines(page))[0]).toBe('<img src=x onerror=alert(1)> javascript:alert(1) http://')
    const links = await page
      .locator('#lines a')
      .evaluateAll((found) =>
        found.map((link) => [
          (link as HTMLAnchorElement).href,
          link.getAttribute('rel'),
          link.getAttribute('target'),
        ]),
      )
    expect(links).toEqual([
      ['https://example.org/a_(b)?c=1', 'noopener noreferrer', '_blank'],
      ['http://example.org/x', 'noopener noreferrer', '_blank'],
    ])
    expect(await page.locator('#lines img').count()).toBe(0)
  })

  test('follows what comes while its end is in sight, and nothing else on the page moves', async () => {
    if (!browser.isHere) return
    const room = await openRoom({ chat: makeChat(30) })
    const page = await enterRoom(browser, room.address)
    await page.getByText('line 30').waitFor()
    const field = await page.getByRole('textbox', { name: 'Message' }).boundingBox()
    writeMany(room, 50)
    await page.getByText('49 a word').waitFor()
    const left = await page
      .locator('#log')
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)
    expect(Math.abs(left)).toBeLessThan(2)
    expect(await page.getByRole('textbox', { name: 'Message' }).boundingBox()).toEqual(field)
  })

  test('does not move while somebody reads further up, and says how many came', async () => {
    if (!browser.isHere) return
    const room = await openRoom({ chat: makeChat(60) })
    const page = await enterRoom(browser, room.address)
    await page.getByText('line 60').waitFor()
    const log = page.locator('#log')
    await log.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }))
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))))
    const top = await log.evaluate(({ scrollTop }) => scrollTop)
    const shifts = await watchShifts(page)
    writeMany(room, 50)
    await page.getByRole('button', { name: '50 new messages' }).waitFor()
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(top)
    expect(await shifts()).toBeLessThan(0.01)
    await page.getByRole('button', { name: '50 new messages' }).click()
    await page.getByRole('button', { name: /new message/ }).waitFor({ state: 'hidden' })
  })

  test('fetches older lines when somebody scrolls up, and keeps the place', async () => {
    if (!browser.isHere) return
    const room = await openRoom({ chat: makeChat(120) })
    const page = await enterRoom(browser, room.address)
    await page.getByText('line 120').waitFor()
    expect(await page.locator('#lines .line').count()).toBe(50)
    const shown = page.getByText('line 75', { exact: true })
    await shown.scrollIntoViewIfNeeded()
    for (const number of [45, 1]) {
      await page.locator('#log').evaluate((element) => element.scrollTo({ top: 40 }))
      await page.getByText(`line ${number}`, { exact: true }).waitFor({ state: 'attached' })
    }
    const texts = await readLines(page)
    expect(texts).toEqual(makeChat(120).map(({ text }) => text))
    await page.locator('#log').evaluate((element) => element.scrollTo({ top: 0 }))
    await page.getByText('This is where the chat began.').waitFor()
  })

  test('loses and doubles nothing when the connection is lost and back', async () => {
    if (!browser.isHere) return
    const room = await openRoom({ chat: makeChat(5) })
    const page = await enterRoom(browser, room.address)
    await say(page, 'before')
    await page.locator('#lines').getByText('before').waitFor()
    room.drop()
    await page.getByText('Connection lost').waitFor()
    room.write('ben', 'meanwhile')
    room.chat = room.chat.filter(({ id }) => id !== 3)
    await say(page, 'written without a connection')
    await page.getByText('Connected again').waitFor()
    await page.locator('#lines').getByText('written without a connection').waitFor()
    expect(await readLines(page)).toEqual([
      'line 1',
      'line 2',
      'Removed',
      'line 4',
      'line 5',
      'before',
      'meanwhile',
      'written without a connection',
    ])
    const joins = room.said.seen.filter(({ type }) => type === 'join')
    expect(joins).toEqual([
      { type: 'join', name: 'ann' },
      { type: 'join', name: 'ann', key: 'key of ann' },
    ])
  })

  test('does not say again what the room has, although the answer was lost', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    await say(page, 'once')
    await page.locator('#lines').getByText('once').waitFor()
    room.dropsWhatIsSaid = true
    await say(page, 'once')
    await page.getByText('Connection lost').waitFor()
    room.dropsWhatIsSaid = false
    await page.getByText('Connected again').waitFor()
    await say(page, 'and on')
    await page.locator('#lines').getByText('and on').waitFor()
    expect(await readLines(page)).toEqual(['once', 'once', 'and on'])
    expect(await page.locator('#pending').textContent()).toBe('')
  })

  test('keeps in the field what the room refuses', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    room.refuses.set('say', 'not so fast: write again in 3 seconds')
    await say(page, 'too early')
    await page.getByRole('alert').filter({ hasText: 'Not sent: not so fast' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('too early')
    room.refuses.clear()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.locator('#lines').getByText('too early').waitFor()
  })

  test('sends nothing that is too long, and says by how much', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    await say(page, 'x'.repeat(503))
    await page.getByText('This is 3 too long: at most 500.').waitFor()
    expect(room.said.seen.filter(({ type }) => type === 'say')).toEqual([])
  })

  test('lets a host remove a line, by keyboard too', async () => {
    if (!browser.isHere) return
    const room = await openRoom({ chat: makeChat(3) })
    const page = await enterRoom(browser, room.address)
    await page.getByRole('log').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Remove this line' }).press('Enter')
    await page.getByText('Removed by ann').waitFor()
    expect(room.said.seen.at(-1)).toEqual({ type: 'remove', id: 3 })
  })

  test('counts in the title what came while the page was hidden', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    room.write('ben', 'one')
    room.write('ben', 'two')
    await page.waitForFunction(() => document.title === '(2) main')
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await page.waitForFunction(() => document.title === 'main')
  })
})
