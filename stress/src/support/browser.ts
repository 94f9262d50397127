import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PACKAGE = '@sparticuz/chromium'

/** A page of a viewer in a browser, and what went wrong in it. */
export interface BrowserPage {
  readonly errors: readonly string[]
  /** How often the page has asked for a picture so far: it does when it has drawn the one before. */
  readonly asked: number
  close(): Promise<void>
}

/** Opens a page in the Chromium that the tests of the page unpack; `undefined` where they have not. */
export async function openPage(url: string): Promise<BrowserPage | undefined> {
  const entry = createRequire(import.meta.url).resolve(PACKAGE)
  const modules = `${entry.slice(0, entry.lastIndexOf(join('node_modules', PACKAGE)))}node_modules`
  const folder = join(modules, '.cache', 'zcast-chromium')
  if (!existsSync(folder)) return undefined
  const browser = await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  })
  const errors: string[] = []
  const page = await browser.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('crash', () => errors.push('the page crashed'))
  let asked = 0
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => (asked += String(payload).startsWith('next') ? 1 : 0))
  })
  // A page with an endless picture never fires "load".
  await page.goto(url, { waitUntil: 'domcontentloaded' })
  return {
    errors,
    get asked() {
      return asked
    },
    close: () => browser.close(),
  }
}
