import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, test } from '@jest/globals'
import { decodeJpeg, type RawPicture } from '@zcast/media'
import { startXvfb } from './start-xvfb.ts'

const run = promisify(execFile)
const TOOL_TIMEOUT_MS = 5000

/** The reason why windows cannot be tested here; `undefined` when they can. */
function whyNoWindow(): string | undefined {
  const missing = ['Xvfb', 'ffplay', 'import', 'xdotool'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  )
  return missing.length > 0 ? `there is no ${missing.join(', no ')} to look at a window with` : undefined
}

/** An invisible screen. */
export interface Display {
  /** Such as `:7`. */
  readonly name: string
  /** The titles of all visible windows. */
  titles(): Promise<string[]>
  /** The content of a window with a title, whatever figures follow it; `undefined` while there is none. */
  screenshot(title: string): Promise<RawPicture | undefined>
  /** Presses a key in the window with a title, if there is one. */
  press(title: string, key: string): Promise<void>
  close(): Promise<void>
}

/** The screen that {@link useDisplay} gives to a test file. */
export interface TestDisplay {
  /** The screen, while tests run. */
  readonly current: Display
  /** `test` where windows can be tested; otherwise skipped, with the reason printed. */
  readonly test: typeof test.skip
}

/** One screen for all tests of a file. */
export function useDisplay(): TestDisplay {
  const reason = whyNoWindow()
  let display: Display | undefined
  if (reason === undefined) {
    beforeAll(async () => {
      display = await openDisplay()
    })
    afterAll(() => display?.close())
  } else console.log(`skipped: ${reason}`)
  return {
    get current() {
      if (!display) throw new Error('there is no screen')
      return display
    },
    test: reason === undefined ? test : test.skip,
  }
}

/** Starts a screen on a free number. */
async function openDisplay(): Promise<Display> {
  const { display: name, close } = await startXvfb(1024, 768)
  const tool = {
    env: { ...process.env, DISPLAY: name },
    timeout: TOOL_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  } as const
  const search = (title: string): string[] => ['search', '--onlyvisible', '--name', `^${title}( - .*)?$`]
  return {
    name,
    titles: async () => {
      try {
        const { stdout } = await run(
          'xdotool',
          ['search', '--onlyvisible', '--name', '.', 'getwindowname', '%@'],
          tool,
        )
        return stdout.split('\n').filter((line) => line !== '')
      } catch {
        // There is no window yet.
        return []
      }
    },
    screenshot: async (title) => {
      try {
        const { stdout: found } = await run('xdotool', search(title), tool)
        const args = ['-silent', '-window', found.trim(), '-quality', '95', 'jpg:-']
        const { stdout } = await run('import', args, {
          ...tool,
          encoding: 'buffer',
          maxBuffer: 16 * 1024 * 1024,
        })
        return await decodeJpeg(stdout)
      } catch {
        return undefined
      }
    },
    press: async (title, key) => {
      // Without a window of that title there is nothing to send the key to.
      await run('xdotool', [...search(title), 'key', '--window', '%1', key], tool).catch(() => {})
    },
    close,
  }
}
