import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect } from '@jest/globals'
import { decodeJpeg, encodeJpeg } from '@zcast/media'
import { useDisplay } from '@zcast/testing/machine/display'
import { processesNaming, processIsGone } from '@zcast/testing/machine/processes'

const VIEWER = fileURLToPath(new URL('../../../fixtures/window-viewer.js', import.meta.url))
const SHOWER = fileURLToPath(new URL('../../../fixtures/picture-shower.js', import.meta.url))
const screen = useDisplay()

/** Four colours, one in each quarter. */
async function quarters(width: number, height: number): Promise<Uint8Array> {
  const colours = [
    [200, 30, 30],
    [30, 180, 40],
    [40, 60, 220],
    [230, 200, 40],
  ]
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
      pixels.set(colours[quarter] ?? [], (y * width + x) * 3)
    }
  }
  return encodeJpeg(pixels, width, height, 95)
}

describe('a window', () => {
  screen.test('shows the very picture that was sent, though only one was', async () => {
    const picture = await quarters(320, 180)
    const title = 'zcast test picture'
    const shower = spawn(process.execPath, [SHOWER, title], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { ...process.env, DISPLAY: screen.current.name },
    })
    const exited = once(shower, 'exit')
    shower.stdin.write(Buffer.from(picture).toString('base64') + '\n')
    const expected = await decodeJpeg(picture)
    // Nothing tells when a picture is on the screen, so it is looked at until it is.
    for (await appears(shower, title); ; await delay(50)) {
      const shown = await screen.current.screenshot(title)
      if (
        shown?.pixels.length === expected.pixels.length &&
        meanDifference(shown.pixels, expected.pixels) < 5
      )
        break
    }
    shower.stdin.end()
    expect(await exited).toEqual([0, null])
    // The screen notices the end of a program a little later than the system.
    while (await screen.current.screenshot(title)) await delay(50)
  })

  screen.test.each([
    ['goes on', 'Infinity'],
    ['stands still', '1'],
  ])(
    'ends its viewer with exit status 0 when a person closes it while the stream %s',
    async (_, pictures) => {
      const title = 'zcast test close'
      const viewer = spawn(process.execPath, [VIEWER, title, pictures], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, DISPLAY: screen.current.name },
      })
      const exited = once(viewer, 'exit')
      await appears(viewer, title)
      // ffplay leaves keys unread until it is ready for them.
      while (viewer.exitCode === null) {
        await screen.current.press(title, 'q')
        await delay(50)
      }
      expect(await exited).toEqual([0, null])
    },
  )

  screen.test('is not left over when its viewer is killed', async () => {
    const title = 'zcast test killed'
    const viewer = spawn(process.execPath, [VIEWER, title], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DISPLAY: screen.current.name },
    })
    const exited = once(viewer, 'exit')
    await appears(viewer, title)
    const player = await playerOf(viewer, title)
    viewer.kill('SIGKILL')
    await exited
    await processIsGone(player)
    // The screen notices the end of a program a little later than the system.
    while (await screen.current.screenshot(title)) await delay(50)
  })
})

/** Resolves when a program has opened its window; rejects when it ended instead. */
async function appears(program: ChildProcess, title: string): Promise<void> {
  while (!(await screen.current.screenshot(title))) {
    if (program.exitCode !== null) throw new Error(`ended with ${program.exitCode} and showed no window`)
    await delay(50)
  }
}

/** The process that shows a program's window; a process whose command line cannot be read yet is looked at again. */
async function playerOf(program: ChildProcess, title: string): Promise<number> {
  for (;;) {
    const player = (await processesNaming(title))?.find((pid) => pid !== program.pid)
    if (player !== undefined) return player
    if (program.exitCode !== null) throw new Error(`ended with ${program.exitCode} and left no window`)
    await delay(50)
  }
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0))
  return sum / one.length
}
