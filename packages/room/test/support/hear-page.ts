/// <reference lib="dom" />
import type { Page } from 'playwright-core'

declare const window: { loudest: number } & typeof globalThis

/** Listens to all that a page plays from its next load on. */
export async function hearPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.loudest = 0
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (
      this: AudioNode,
      ...args: unknown[]
    ) => unknown
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]): never {
      if (args[0] instanceof AudioDestinationNode) {
        const analyser = new AnalyserNode(this.context)
        const samples = new Float32Array(analyser.fftSize)
        connect.call(this, analyser)
        setInterval(() => {
          analyser.getFloatTimeDomainData(samples)
          window.loudest = Math.max(window.loudest, ...samples)
        }, 20)
      }
      return connect.apply(this, args) as never
    }
  })
}

/** Resolves once something was heard that is louder than a whisper. */
export async function untilHeard(page: Page): Promise<void> {
  await page.waitForFunction(() => window.loudest > 0.02)
}
