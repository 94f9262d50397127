import { setTimeout as delay } from 'node:timers/promises'
import { describe, test } from '@jest/globals'
import { Publisher } from '@zcast/publisher'
import type { Page } from 'playwright-core'
import { useBrowser } from '../../../web/test/support/browser.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'
import { savePicture } from './save-picture.ts'

const bench = useWorkbench()
const ANY_PORT = 'tcp://127.0.0.1:*'
/** What the chart of the dashboard shows, and a little more. */
const CHART_MS = 32_000
const STEP_MS = 100
const COMPUTER = { width: 1280, height: 720 }
const PHONE = { width: 390, height: 844 }

const browser = useBrowser()

/** Starts a page of a command. @returns Its address. */
async function start(...command: (string | number)[]): Promise<string> {
  const page = bench.start([...command, '--port', 0])
  const [, address = ''] = await page.stdout.find(/^watch at (.*)$/)
  return address
}

/** Starts the test pattern. @returns Where it is published. */
function startPattern(width: number): Promise<string> {
  const pattern = ['publish', 'video', 'pattern', '--width', width, '--fps', 25]
  return publishedAt(bench.start([...pattern, '--bind', ANY_PORT]), 'video/main')
}

/** A climate that is the same each time. */
function measure(step: number): number[] {
  const minutes = (step * STEP_MS) / 60_000
  const breeze = Math.sin(step / 7) * 0.15 + Math.sin(step / 2.3) * 0.06
  const temperature = 21.5 + 2.2 * Math.sin(minutes * 9) + breeze
  return [
    temperature,
    24.5 - 1.6 * Math.sin(minutes * 9 - 0.6) + breeze / 2,
    19 + 0.8 * Math.cos(minutes * 14),
  ]
}

interface Look {
  readonly colorScheme: 'light' | 'dark'
  readonly viewport: typeof PHONE
}

describe('screenshots', () => {
  async function open(address: string, { colorScheme, viewport }: Look): Promise<Page> {
    const page = await browser.newPage()
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    await page.goto(address)
    return page
  }

  test('of the page of a viewer', async () => {
    const address = await start('viewer', 1, '--connect', await startPattern(960))
    for (const [name, colorScheme, viewport] of [
      ['viewer-web', 'dark', COMPUTER],
      ['viewer-phone', 'light', PHONE],
    ] as const) {
      const page = await open(address, { colorScheme, viewport })
      await page.locator('body[data-state="live"]').waitFor()
      // Until the figures of a whole second are there.
      await delay(3000)
      // Not "Slow", as on a machine that has just begun.
      await page.locator('#state', { hasText: /^Live$/ }).waitFor()
      await savePicture(name, await page.screenshot(), viewport.width)
      await page.close()
    }
  })

  test('of the dashboard', async () => {
    const publisher = await Publisher.open({ bind: ANY_PORT })
    const climate = publisher.topic('numbers/greenhouse', {
      names: ['inside', 'wall', 'soil'],
      units: ['°C', '°C', '°C'],
    })
    let step = 0
    const sending = setInterval(() => void climate.send(measure(step++)), STEP_MS)
    try {
      const video = await startPattern(640)
      const connect = publisher.endpoints.flatMap((endpoint) => ['--numbers', endpoint])
      const address = await start('dashboard', ...connect, '--video', video)
      const keeping = await start('dashboard', ...connect, '--video', video, '--history', '1m')
      await delay(CHART_MS)
      for (const [name, colorScheme] of [
        ['dashboard', 'dark'],
        ['dashboard-light', 'light'],
      ] as const) {
        const page = await open(address, { colorScheme, viewport: COMPUTER })
        await page.locator('#window').selectOption('30')
        await page.locator('canvas[data-seq]').waitFor()
        await delay(3000)
        await savePicture(name, await page.screenshot(), COMPUTER.width)
        await page.close()
      }
      const page = await open(keeping, { colorScheme: 'dark', viewport: COMPUTER })
      await page.locator('#window').selectOption('30')
      const slider = page.getByRole('slider', { name: 'Moment' })
      await slider.press('End')
      // The end of the selection, its beginning, and a moment inside.
      for (const key of [
        'Shift+ArrowLeft',
        'o',
        'Shift+ArrowLeft',
        'i',
        ...Array<string>(6).fill('ArrowRight'),
      ])
        await slider.press(key)
      await delay(3000)
      await savePicture('rewind', await page.screenshot(), COMPUTER.width)
      await page.close()
    } finally {
      clearInterval(sending)
      await publisher.close()
    }
  })
})
