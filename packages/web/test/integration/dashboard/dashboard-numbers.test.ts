/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { wallClock } from '@zcast/shared'
import type { Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed } from '../../support/dashboard.ts'

const browser = useBrowser()

afterEach(closeDashboards)

type Stream = readonly (readonly number[])[]

/** Opens the page of a dashboard that has these arrays of each stream, so many a second until now. */
async function show(streams: Readonly<Record<string, Stream>>, rate: number): Promise<Page | undefined> {
  if (!browser.isHere) return undefined
  const dashboard = await openDashboard()
  const { deliver } = await openFeed(dashboard.feed())
  for (const [stream, arrays] of Object.entries(streams)) {
    const start = wallClock() - arrays.length / rate
    for (const [index, values] of arrays.entries()) {
      deliver(`numbers/${stream}`, numbers(values, start + index / rate))
    }
  }
  const page = await browser.newPage()
  await page.addInitScript(recordLabels)
  await page.goto(dashboard.address)
  return page
}

/** Keeps what is written into each chart, and how far to the left it begins. */
function recordLabels(): void {
  const write = Reflect.get(CanvasRenderingContext2D.prototype, 'fillText') as (...of: unknown[]) => void
  const labels: { text: string; left: number }[] = []
  Object.assign(globalThis, { labels })
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const width = this.measureText(text).width
    labels.push({ text, left: this.textAlign === 'right' ? x - width : x - width / 2 })
    write.call(this, text, x, y)
  }
}

/** How high each colour reaches in the first chart, as a part of its height from the top; nothing where it is not. */
async function topOf(of: Page, colour: readonly number[]): Promise<number | undefined> {
  return of.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
    if (!canvas || !data) return undefined
    for (let at = 0; at < data.length; at += 4) {
      const near = wanted.every((value, channel) => Math.abs((data[at + channel] ?? 0) - value) < 12)
      if (near && (data[at + 3] ?? 0) > 200) return Math.floor(at / 4 / canvas.width) / canvas.height
    }
    return undefined
  }, colour)
}

const FIRST = [0x58, 0xb8, 0xff]
const SECOND = [0xf2, 0xa6, 0x5a]
const FOURTH = [0xe5, 0x7f, 0xa6]

/** Waits until a chart is there with a line of a colour. */
async function waitForLine(of: Page, colour: readonly number[]): Promise<number> {
  for (;;) {
    const top = await topOf(of, colour)
    if (top !== undefined) return top
  }
}

describe('the charts of the dashboard', () => {
  test('show one great value among many small ones at its full height', async () => {
    const arrays = Array.from({ length: 6000 }, (_, index) => [index === 3000 ? 1000 : 0, 1])
    const shown = await show({ spike: arrays }, 10)
    if (!shown) return
    await shown.getByRole('combobox').selectOption('600')
    await waitForLine(shown, FIRST)
    await shown.waitForFunction(() =>
      Reflect.get(globalThis, 'labels').some(({ text }: { text: string }) => text === '1,000'),
    )
    expect(await topOf(shown, FIRST)).toBeLessThan(0.15)
    expect(await topOf(shown, SECOND)).toBeGreaterThan(0.5)
  })

  test('label values of any magnitude, within their edges', async () => {
    const wave = (middle: number, size: number): Stream =>
      Array.from({ length: 50 }, (_, index) => [middle + size * Math.sin(index / 5)])
    const shown = await show(
      {
        micro: wave(2.5e-5, 1e-6),
        counter: Array.from({ length: 50 }, (_, index) => [12_345_678 + index]),
        bytes: wave(3.2e9, 1e6),
        huge: wave(0, 1e300),
        offset: wave(123456789.123, 0.001),
        level: wave(5, 0),
        nothing: wave(0, 0),
        most: [[Number.MAX_VALUE], [-Number.MAX_VALUE]],
      },
      10,
    )
    if (!shown) return
    await shown.locator('.chart').nth(7).locator('.value').filter({ hasText: /\d/ }).waitFor()
    const labels = await shown.evaluate(
      () => Reflect.get(globalThis, 'labels') as { text: string; left: number }[],
    )
    const texts = labels.map(({ text }) => text)
    for (const expected of [
      '2.50e-5',
      '12,345,700',
      '3.2000e9',
      '0.5e300',
      '123,456,789.1230',
      '5.0',
      '0.5',
    ]) {
      expect(texts).toContain(expected)
    }
    for (const { left } of labels) expect(left).toBeGreaterThanOrEqual(0)
  })

  test('draw each position where it is known, whatever the lengths of the arrays and the publishers', async () => {
    if (!browser.isHere) return
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const now = wallClock()
    for (let ago = 10; ago > 0; ago -= 0.2) {
      deliver('numbers/two', numbers([1, 2, 3], now - ago), 1)
      deliver('numbers/two', numbers([1, 2, 3, 4], now - ago + 0.1), 2)
    }
    const page = await browser.open(dashboard.address)
    await waitForLine(page, FIRST)
    await waitForLine(page, FOURTH)
    deliver('numbers/two', numbers([1, 2, 3, 4, 5]), 1)
    await page.getByRole('button', { name: 'Position 4' }).waitFor()
    // What came before is still there.
    await waitForLine(page, FOURTH)
    const lines = await page.getByRole('button', { name: /^Position/ }).allTextContents()
    expect(lines).toEqual(['01', '12', '23', '34', '45'].map((text) => `Position ${text}`))
  })

  test('lead to any of many positions, and say which are drawn', async () => {
    const arrays = Array.from({ length: 20 }, () => Array.from({ length: 200 }, (_, index) => index * 10))
    const shown = await show({ wide: arrays }, 10)
    if (!shown) return
    const field = shown.getByRole('textbox', { name: 'Positions of numbers/wide that are drawn' })
    await field.waitFor()
    expect(await field.inputValue()).toBe('0-31')
    await shown.getByText('of 200', { exact: true }).waitFor()
    expect(await shown.getByRole('button', { name: /^Position \d/ }).count()).toBe(32)
    const looks = await shown
      .locator('.swatch path')
      .evaluateAll((paths) =>
        paths.map((path) => `${path.getAttribute('stroke')} ${path.getAttribute('stroke-dasharray')}`),
      )
    expect(new Set(looks).size).toBe(32)
    await field.fill('190-199, 5')
    await field.press('Enter')
    const last = shown.getByRole('button', { name: 'Position 199' })
    await last.getByText('1990', { exact: true }).waitFor()
    await waitForLine(shown, FIRST)
    await shown.getByRole('button', { name: 'Next positions of numbers/wide' }).click()
    await field.fill('200')
    await field.press('Enter')
    await shown.getByText('Up to 32 positions from 0 to 199').waitFor()
    await shown.getByRole('button', { name: 'Next positions of numbers/wide' }).click()
    await shown.getByRole('button', { name: 'Position 63' }).waitFor()
    expect(await field.inputValue()).toBe('32-63')
  })
})
