import { setTimeout as delay } from 'node:timers/promises'
import { describe } from '@jest/globals'
import { useDisplay } from '@zcast/testing/machine/display'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const screen = useDisplay()

/** Nothing tells when a window has another title or picture, so it is looked at until it has. */
async function untilTitled(pattern: RegExp): Promise<void> {
  while (!(await screen.current.titles()).some((title) => pattern.test(title))) await delay(50)
}

async function brightness(): Promise<number> {
  const shown = await screen.current.screenshot('Client 1')
  return shown ? shown.pixels.reduce((sum, value) => sum + value, 0) / shown.pixels.length : Number.NaN
}

describe('a viewer in a window', () => {
  screen.test(
    'tells its figures in the title, and dims the picture once the publisher has gone',
    async () => {
      const publisher = bench.start(['publish', 'video', '--bind', 'tcp://127.0.0.1:*', '--width', 320])
      const endpoint = await publishedAt(publisher, 'video/main')
      const viewer = bench.start(['viewer', '1', '--show', 'window', '--connect', endpoint], {
        env: { DISPLAY: screen.current.name },
      })
      await untilTitled(/^Client 1 - \d+\.\d fps, [\d.]+ ms, lost 0$/)
      const bright = await brightness()
      await publisher.stop()
      await untilTitled(/^Client 1 - waiting, lost 0$/)
      while (!((await brightness()) < bright / 2)) await delay(50)
      await viewer.stop()
    },
  )
})
