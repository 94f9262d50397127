/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { type NumbersBlock, wallClock } from '@zcast/shared'
import type { Locator, Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed } from '../../support/dashboard.ts'

const browser = useBrowser()

afterEach(closeDashboards)

const LABELS = { names: ['temp', 'humidity', 'wind'], units: ['°C', '%', 'm/s'] }
const RATE = 10
/** What is shown, in seconds. */
const SHOWN = 60

/** How row number `index` of a stream looks. */
type Row = (index: number) => readonly number[] | NumbersBlock

/** Opens the page of a dashboard that has the last minute of each of these streams. */
async function show(
  streams: Readonly<Record<string, Row>>,
  query = '',
): Promise<{ shown: Page; address: string }> {
  const dashboard = await openDashboard()
  const { deliver } = await openFeed(dashboard.feed())
  const start = wallClock() - SHOWN
  for (let index = 0; index <= SHOWN * RATE; index++) {
    for (const [stream, row] of Object.entries(streams)) {
      const made = row(index)
      const block = 'kind' in made ? made : numbers(made)
      deliver(`numbers/${stream}`, { ...block, time: start + index / RATE })
    }
  }
  const shown = await browser.newPage()
  await shown.addInitScript(recordLabels)
  await shown.goto(dashboard.address + query)
  return { shown, address: dashboard.address }
}

/** A row with names and units. */
const weather: Row = (index) => ({ ...numbers([20 + index / 100, 50, index % 7]), ...LABELS })
const ramp: Row = (index) => [index]

/** Keeps what is written into charts. */
function recordLabels(): void {
  const write = Reflect.get(CanvasRenderingContext2D.prototype, 'fillText') as (...of: unknown[]) => void
  const labels = new Set<string>()
  Object.assign(globalThis, { labels })
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    labels.add(text)
    write.call(this, text, x, y)
  }
}

const untilWritten = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction((wanted) => (Reflect.get(globalThis, 'labels') as Set<string>).has(wanted), text)

const chartOf = (page: Page, stream: string): Locator =>
  page.getByRole('article', { name: `numbers/${stream}` })
const rowOf = (chart: Locator, name: string): Locator =>
  chart.getByRole('row').filter({ has: chart.page().getByRole('button', { name, exact: true }) })
const readNumbers = async (row: Locator): Promise<number[]> =>
  (await row.getByRole('cell').allTextContents()).map(Number)

/** Where a chart is drawn. */
async function placeOf(chart: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const over = chart.locator('.u-over')
  await over.scrollIntoViewIfNeeded()
  const box = await over.boundingBox()
  if (!box) throw new Error('nothing is drawn')
  return box
}

/** Drags from one part of the width of a chart to another. */
async function drag(chart: Locator, from: number, to: number): Promise<void> {
  const { x, y, width, height } = await placeOf(chart)
  const { mouse } = chart.page()
  await mouse.move(x + width * from, y + height / 2)
  await mouse.down()
  await mouse.move(x + width * to, y + height / 2, { steps: 4 })
  await mouse.up()
}

function testInBrowser(title: string, run: () => Promise<void>): void {
  test(title, async () => {
    if (browser.isHere) await run()
  })
}

describe('a chart', () => {
  testInBrowser('says the time and every value under the cursor, by name and unit', async () => {
    const { shown } = await show({ weather, other: ramp })
    const chart = chartOf(shown, 'weather')
    await rowOf(chart, 'wind').waitFor()
    const { x, y, width, height } = await placeOf(chart)
    await shown.mouse.move(x + width / 2, y + height / 2)
    const readout = chart.locator('.readout .box')
    await readout.getByText(/^\d\d:\d\d:\d\d\.\d$/).waitFor()
    expect(await readout.locator('.row').allTextContents()).toEqual([
      expect.stringMatching(/^temp2\d\.\d+ °C/),
      expect.stringMatching(/^humidity50 %/),
      expect.stringMatching(/^wind\d.* m\/s/),
    ])
    // The other chart has the same time under a cursor of its own.
    await chartOf(shown, 'other').locator('.readout .time').waitFor()
    // Read at one moment: what is under the cursor moves on.
    const [time, headers] = await chart.evaluate((card) => [
      card.querySelector('.readout .time')?.textContent,
      [...card.querySelectorAll('th')].map(({ textContent }) => textContent),
    ])
    expect(headers).toContain(time)
    await shown.mouse.move(1, 1)
    await readout.waitFor({ state: 'hidden' })
    expect(await chart.getByRole('columnheader').allTextContents()).toEqual([
      'line',
      'last',
      'least',
      'greatest',
      'mean',
    ])
  })

  testInBrowser('moves its cursor by the keyboard', async () => {
    const { shown } = await show({ weather })
    const plot = shown.getByRole('img', { name: 'Live chart of numbers/weather' })
    await plot.locator('canvas').waitFor()
    await plot.focus()
    await plot.press('ArrowLeft')
    const time = plot.locator('.readout .time')
    const first = await time.textContent()
    for (let presses = 0; presses < 10; presses++) await plot.press('ArrowLeft')
    expect((await time.textContent()) ?? '').not.toBe(first)
    // Who hears the page hears the same.
    await chartOf(shown, 'weather')
      .getByText(/^\d\d:\d\d:\d\d\.\d: temp 2\d\.\d+ °C, humidity 50 %, wind \d.* m\/s$/)
      .waitFor({ state: 'attached' })
  })

  testInBrowser('sums up what is shown of each line', async () => {
    const { shown } = await show({ ramp: (index) => [index, 7] })
    const chart = chartOf(shown, 'ramp')
    await rowOf(chart, 'Position 0').getByText('600', { exact: true }).first().waitFor()
    expect(await readNumbers(rowOf(chart, 'Position 1'))).toEqual([7, 7, 7, 7])
    // What is older than a minute by now is left out of all of them.
    const [last, least = 0, greatest, mean = 0] = await readNumbers(rowOf(chart, 'Position 0'))
    expect([last, greatest]).toEqual([600, 600])
    expect(least).toBeLessThan(500)
    expect(Math.abs(mean - (least + 600) / 2)).toBeLessThan(2)
  })

  testInBrowser(
    'hides lines, and shows one alone, by mouse and by keyboard; a link shows the same',
    async () => {
      const { shown } = await show({ weather })
      const pressed = async (page = shown): Promise<(string | null)[]> => {
        const buttons = chartOf(page, 'weather').locator('.legend button')
        await buttons.nth(2).waitFor()
        return buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-pressed')))
      }
      const temp = shown.getByRole('button', { name: 'temp', exact: true })
      await temp.click()
      expect(await pressed()).toEqual(['false', 'true', 'true'])
      await temp.click({ modifiers: ['Shift'] })
      expect(await pressed()).toEqual(['true', 'false', 'false'])
      const wind = shown.getByRole('button', { name: 'wind', exact: true })
      await wind.press('Enter')
      expect(await pressed()).toEqual(['true', 'false', 'true'])
      const copy = await browser.newPage()
      await copy.goto(shown.url())
      expect(await pressed(copy)).toEqual(['true', 'false', 'true'])
      await wind.press('Shift+Enter')
      expect(await pressed()).toEqual(['false', 'false', 'true'])
      await wind.press('Shift+Enter')
      expect(await pressed()).toEqual(['true', 'true', 'true'])
      expect(shown.url()).not.toContain('hide')
    },
  )

  testInBrowser('zooms in on what is dragged over, with all other charts, and back', async () => {
    const { shown } = await show({ one: ramp, two: (index) => [index * 2] })
    const [one, two] = [chartOf(shown, 'one'), chartOf(shown, 'two')]
    await rowOf(two, 'Position 0').getByText('1200', { exact: true }).first().waitFor()
    const back = shown.getByRole('button', { name: 'Back to now' })
    expect(await back.isVisible()).toBe(false)
    await drag(one, 0.25, 0.5)
    await back.waitFor()
    const [, least = 0, greatest = 0] = await readNumbers(rowOf(one, 'Position 0'))
    expect(Math.abs(greatest - least - 150)).toBeLessThan(25)
    expect((await readNumbers(rowOf(two, 'Position 0'))).slice(1, 3)).toEqual([least * 2, greatest * 2])
    await one.locator('.u-over').dblclick()
    await back.waitFor({ state: 'hidden' })
    await drag(two, 0.5, 0.75)
    await back.click()
    await back.waitFor({ state: 'hidden' })
  })

  testInBrowser('has its cursor, and holds still where it is zoomed in, while data goes on', async () => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    let at = wallClock() - SHOWN
    const send = (): void => deliver('numbers/live', numbers([at], (at += 0.1)))
    while (at < wallClock()) send()
    const shown = await browser.open(dashboard.address)
    const chart = chartOf(shown, 'live')
    await rowOf(chart, 'Position 0').waitFor()
    const { x, y, width, height } = await placeOf(chart)
    await shown.mouse.move(x + width / 2, y + height / 2)
    const readout = chart.locator('.readout .box')
    const first = await readout.textContent()
    // Values pass by under a pointer that rests.
    while ((await readout.textContent()) === first) send()
    await drag(chart, 0.4, 0.6)
    await shown.getByRole('button', { name: 'Back to now' }).waitFor()
    await shown.mouse.move(1, 1)
    const picture = (): Promise<string> =>
      shown.evaluate(() => document.querySelector<HTMLCanvasElement>('.plot canvas')?.toDataURL() ?? '')
    await readout.waitFor({ state: 'hidden' })
    const held = await picture()
    for (let sent = 0; sent < 300; sent++) send()
    // The table of streams is told of them all.
    const streams = shown.getByRole('region', { name: 'Streams' })
    const before = await streams.textContent()
    await shown.waitForFunction((text) => document.querySelector('#table')?.textContent !== text, before)
    expect(await picture()).toBe(held)
    await shown.getByRole('button', { name: 'Back to now' }).click()
    while ((await picture()) === held) send()
  })

  testInBrowser('comes nearer with the wheel, the touch pad and the keyboard', async () => {
    const { shown } = await show({ one: ramp })
    const chart = chartOf(shown, 'one')
    await rowOf(chart, 'Position 0').waitFor()
    const back = shown.getByRole('button', { name: 'Back to now' })
    const { x, y, width, height } = await placeOf(chart)
    await shown.mouse.move(x + width / 2, y + height / 2)
    await shown.keyboard.down('Control')
    await shown.mouse.wheel(0, -100)
    await shown.keyboard.up('Control')
    await back.waitFor()
    await chart.getByRole('img').press('0')
    await back.waitFor({ state: 'hidden' })
    await chart.getByRole('img').press('+')
    await back.waitFor()
    await chart.getByRole('img').press('Escape')
    await back.waitFor({ state: 'hidden' })
    // What the person has turned to takes the plain wheel.
    await shown.mouse.wheel(0, 100)
    await shown.waitForFunction(() => new URL(location.href).searchParams.get('last') === '75')
  })

  testInBrowser('tells what never came, on its axis', async () => {
    const { shown } = await show({
      lossy: (index) => ({ ...numbers([1]), seq: index < 300 ? index : index + 8 }),
    })
    await untilWritten(shown, '8 lost')
  })

  testInBrowser('writes the units of two scales at its two sides', async () => {
    const two: Row = (index) => ({
      ...numbers([index, 1e6 + index]),
      names: ['temp', 'pressure'],
      units: ['°C', 'Pa'],
    })
    const { shown } = await show({ two })
    for (const text of ['°C', 'Pa', '1,000,000']) await untilWritten(shown, text)
    const scale = shown.getByRole('combobox', { name: 'Scale of numbers/two' })
    await scale.selectOption('Fit each')
    expect(new URL(shown.url()).searchParams.get('numbers/two')).toBe('fit:each')
  })

  testInBrowser('lists the positions that are not drawn, and finds them by number and name', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `motor ${index}`)
    const { shown } = await show({ wide: () => ({ ...numbers(names.map((_, index) => index)), names }) })
    const chart = chartOf(shown, 'wide')
    await chart.getByText('All 200: 168 not drawn').click()
    await chart.getByRole('searchbox').fill('tor 15')
    const found = chart.locator('.position-list .list button')
    expect(await found.allTextContents()).toEqual(['motor 15', ...names.slice(150, 160)])
    await found.last().click()
    await chart.getByText('32 lines are drawn at once').waitFor()
    await found.first().click()
    await chart.getByRole('searchbox').fill('159')
    await chart.getByRole('button', { name: 'Draw motor 159' }).click()
    await rowOf(chart, 'motor 159').waitFor()
    expect(await rowOf(chart, 'motor 15').count()).toBe(0)
  })
})

describe('a stream of numbers is shown', () => {
  const choose = (page: Page, look: string): Promise<unknown> =>
    page.getByRole('combobox', { name: 'How numbers/weather is shown' }).selectOption(look)

  testInBrowser('as large values', async () => {
    const { shown } = await show({ weather })
    await choose(shown, 'Values')
    const boxes = shown.locator('.big-value')
    await boxes.nth(2).waitFor()
    expect((await boxes.allTextContents())[1]).toBe('humidity50%')
    expect(await chartOf(shown, 'weather').locator('.plot').isVisible()).toBe(false)
  })

  testInBrowser('as a table of its newest rows', async () => {
    const { shown } = await show({ weather })
    await choose(shown, 'Table')
    const rows = shown.getByRole('region', { name: 'Newest rows of numbers/weather' }).getByRole('row')
    await rows.nth(50).waitFor()
    await rows
      .nth(1)
      .getByRole('cell', { name: /^26(\.0+)?$/ })
      .waitFor()
    expect(await rows.first().getByRole('columnheader').allTextContents()).toEqual([
      'time',
      'temp (°C)',
      'humidity (%)',
      'wind (m/s)',
    ])
    const texts = await rows.nth(1).getByRole('cell').allTextContents()
    expect(texts.map(Number)).toEqual([26, 50, 600 % 7])
  })

  testInBrowser('as one position against another, as the address says', async () => {
    const { shown } = await show({ weather }, '/?numbers/weather=as:xy;xy:2_0')
    for (const text of ['wind (m/s)', 'temp (°C)']) await untilWritten(shown, text)
    const x = shown.getByRole('combobox', { name: 'X of numbers/weather' })
    expect(await x.inputValue()).toBe('2')
    await x.selectOption('humidity')
    await untilWritten(shown, 'humidity (%)')
    expect(new URL(shown.url()).searchParams.get('numbers/weather')).toBe('as:xy;xy:1_0')
  })
})
