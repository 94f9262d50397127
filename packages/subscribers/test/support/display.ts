import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { decodeJpeg, type RawPicture } from '@zcast/shared/media'

const run = promisify(execFile)

/** Why windows cannot be tested here, or `undefined` where they can. */
export function whyNoWindow(): string | undefined {
  const missing = ['Xvfb', 'ffplay', 'import', 'xdotool'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  )
  return missing.length > 0 ? `there is no ${missing.join(', no ')} to look at a window with` : undefined
}

/** A screen that nobody sees. */
export interface Display {
  /** Such as `:7`. */
  readonly name: string
  /** What a window of a title shows; `undefined` while there is none. */
  screenshot(title: string): Promise<RawPicture | undefined>
  /** Presses a key in the window of a title. */
  press(title: string, key: string): Promise<void>
  close(): Promise<void>
}

/** Starts a screen on a number of its own. */
export async function openDisplay(): Promise<Display> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exited = once(server, 'exit')
  const lines = createInterface({ input: server.stdio[3] as Readable })
  const [number] = (await once(lines, 'line')) as [string]
  const name = `:${number}`
  const env = { ...process.env, DISPLAY: name }
  const search = (title: string): string[] => ['search', '--onlyvisible', '--name', `^${title}$`]
  return {
    name,
    screenshot: async (title) => {
      try {
        const { stdout: found } = await run('xdotool', search(title), { env })
        const args = ['-silent', '-window', found.trim(), '-quality', '95', 'jpg:-']
        const { stdout } = await run('import', args, { env, encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 })
        return await decodeJpeg(stdout)
      } catch {
        return undefined
      }
    },
    press: async (title, key) =>
      void (await run('xdotool', [...search(title), 'key', '--window', '%1', key], { env })),
    close: async () => {
      server.kill('SIGKILL')
      await exited
    },
  }
}
