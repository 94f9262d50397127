import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const run = promisify(execFile)
const PACKAGE = '@sparticuz/chromium'
const UNPACK = `import chromium from '${PACKAGE}'; await chromium.executablePath()`

/** Flags that give pages a camera, which shows green with a yellow disc, and a microphone, which beeps; without questions. */
export const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
]

/** What {@link useBrowser} gives a test file. */
export interface TestBrowser {
  /** Whether a browser can run here; where not, tests that need it do nothing. */
  readonly isHere: boolean
  /** An empty page. Pages of one test share what a browser remembers. */
  readonly newPage: () => Promise<Page>
  /** A page that has loaded an address. */
  readonly open: (address: string) => Promise<Page>
}

/**
 * One browser for all tests of a file. Its pages are closed after each test, and none may have thrown an error.
 *
 * @param ignoreHTTPSErrors - Certificates are taken as they are. Default false.
 * @param flags - Further flags of the browser. Default none.
 */
export function useBrowser({ ignoreHTTPSErrors = false, flags = [] as readonly string[] } = {}): TestBrowser {
  let browser: Browser | undefined
  let context: BrowserContext | undefined
  const faults: string[] = []

  beforeAll(async () => {
    browser = await launchBrowser(flags)
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    await context?.close()
    context = undefined
    expect(faults.splice(0)).toEqual([])
  })

  const newPage = async (): Promise<Page> => {
    if (!browser) throw new Error('no browser can run here')
    if (!context) {
      context = await browser.newContext({ ignoreHTTPSErrors })
      // Half a minute, the default, is little for a page on a busy machine; what never comes fails the test just the same.
      context.setDefaultTimeout(100_000)
    }
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    return page
  }
  return {
    get isHere() {
      return browser !== undefined
    },
    newPage,
    open: async (address) => {
      const page = await newPage()
      await page.goto(address, { waitUntil: 'domcontentloaded' })
      return page
    },
  }
}

/**
 * Starts a headless Chromium that comes with the development dependencies, with system libraries of its own.
 *
 * @returns The browser; or `undefined`, after printing why, where it cannot run.
 */
async function launchBrowser(flags: readonly string[]): Promise<Browser | undefined> {
  try {
    const folder = await unpackBrowser()
    return await chromium.launch({
      executablePath: join(folder, 'chromium'),
      // The package's own flags switch off web security, which is what some tests are about.
      args: [
        '--no-sandbox',
        '--no-zygote',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--font-render-hinting=none',
        ...flags,
      ],
      env: {
        ...process.env,
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        FONTCONFIG_PATH: join(folder, 'fonts'),
      },
    })
  } catch (error) {
    console.warn(`skipped: no browser can run here: ${String(error).split('\n', 1)[0]}`)
    return undefined
  }
}

/** Unpacks the browser once, beside other caches of the development; test files that run side by side may all try. */
async function unpackBrowser(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve(PACKAGE)
  const modules = entry.slice(0, entry.lastIndexOf(join('node_modules', PACKAGE))) + 'node_modules'
  const folder = join(modules, '.cache', 'zcast-chromium')
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const unpacked = await mkdtemp(`${folder}-`)
  // The package unpacks into the temporary directory, in place, and takes a half-written file for a whole one.
  const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }
  await run(process.execPath, ['--input-type=module', '--eval', UNPACK], { cwd: modules, env })
  // The package's own configuration only looks where it would be unpacked in a cloud function.
  const fonts = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`
  await writeFile(
    join(unpacked, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>`,
  )
  await rename(unpacked, folder).catch(() => rm(unpacked, { recursive: true, force: true }))
  return folder
}
