/// <reference lib="dom" />
import type { Page } from 'playwright-core'

/** Notes when white pictures are drawn, and when beeps leave the speakers, in milliseconds of the page's own time. */
export function watch(): void {
  const seen: { flashes: number[]; beeps: number[] } = { flashes: [], beeps: [] }
  Object.assign(window, { seen })
  const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  let wasWhite = false
  const { prototype } = ImageBitmapRenderingContext
  const put = Reflect.get(prototype, 'transferFromImageBitmap')
  prototype.transferFromImageBitmap = function (bitmap) {
    if (bitmap) probe?.drawImage(bitmap, 0, 0, 1, 1)
    const isWhite = (probe?.getImageData(0, 0, 1, 1).data[0] ?? 0) > 128
    Reflect.apply(put, this, [bitmap])
    if (isWhite && !wasWhite) seen.flashes.push(performance.now())
    wasWhite = isWhite
  }
  const hear = (context: AudioContext): AudioNode => {
    const analyser = new AnalyserNode(context, { fftSize: 32_768 })
    const samples = new Float32Array(analyser.fftSize)
    setInterval(() => {
      const now = context.currentTime
      analyser.getFloatTimeDomainData(samples)
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp()
      let silent = 0
      for (const [at, sample] of samples.entries()) {
        if (Math.abs(sample) < 0.02) silent += 1
        else {
          const time = now - (samples.length - at) / context.sampleRate
          const heardMs = performanceTime + (time - contextTime) * 1000
          const isNew = heardMs - (seen.beeps.at(-1) ?? 0) > 300
          if (silent > context.sampleRate / 5 && isNew) seen.beeps.push(heardMs)
          silent = 0
        }
      }
    }, 100)
    return analyser
  }
  const connect = Reflect.get(AudioNode.prototype, 'connect')
  const ears = new Map<BaseAudioContext, AudioNode>()
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]): never {
    if (args[0] instanceof AudioDestinationNode) {
      const ear = ears.get(this.context) ?? hear(this.context as AudioContext)
      ears.set(this.context, ear)
      Reflect.apply(connect, this, [ear])
    }
    return Reflect.apply(connect, this, args) as never
  }
}

/** The median of how much later than its flash each of the next `count` beeps is, in milliseconds. */
export async function measureStep(page: Page, count: number): Promise<number> {
  const steps = await page.waitForFunction((wanted) => {
    const { seen } = window as unknown as { seen: { flashes: number[]; beeps: number[] } }
    const all = seen.beeps.flatMap((beep) => {
      const nearest = seen.flashes.map((flash) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0]
      return nearest !== undefined && Math.abs(nearest) < 500 ? [nearest] : []
    })
    return all.length >= wanted && all
  }, count)
  const sorted = ((await steps.jsonValue()) as number[]).sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Forgets what was seen and heard so far. */
export async function forget(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: { flashes: number[]; beeps: number[] } }
    seen.flashes.length = seen.beeps.length = 0
  })
}
