import { ClosedError, type Frame, Ticker, type TopicShape } from '@zcast/shared'
import { encodeJpeg } from '@zcast/media'
import { TestPattern } from './pattern/test-pattern.ts'
import { checkFramesPerSecond, checkQuality, checkSide, expectedJpegBytes } from './picture-options.ts'
import { checkRenditions } from './rendition-name.ts'
import { renditionSize } from './renditions.ts'
import type { Source, SourceRun } from './source.ts'

/** Options of a {@link PatternSource}. */
export interface PatternOptions {
  /** Pixels, 160 to 8192. Default 640. */
  readonly width?: number | undefined
  /** Pixels, 90 to 8192. Default 360. */
  readonly height?: number | undefined
  /** Frames per second, 0.1 to 240. Default 30. */
  readonly fps?: number | undefined
  /** 1 to 100, libjpeg's scale. Default 80. */
  readonly quality?: number | undefined
  /** Further sizes to yield while they are wanted, such as `180p`; never larger than the pattern. Default: none. */
  readonly renditions?: readonly string[] | undefined
}

// Loading the encoder takes about 50 ms; without this delay the first frames would all be late.
const START_DELAY_MS = 100

/**
 * A moving test pattern with a clock and a frame counter: shows loss, delay and stutter at a glance. Needs no ffmpeg.
 * Pauses while nobody watches; the counter counts frames.
 *
 * @example
 * ```ts
 * import { Publisher } from '@zcast/publisher'
 * import { PatternSource } from '@zcast/publisher/video'
 *
 * const source = new PatternSource({ width: 320, height: 240, fps: 10 })
 * const { expectedBytes } = source
 * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*', expectedBytes, pictureTopics: 1 })
 * await publisher.run(source, { stream: 'main', signal: AbortSignal.timeout(300) })
 * await publisher.close()
 * ```
 */
export class PatternSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly renditions: readonly string[]
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** Frames per second that are sent. */
  readonly framesPerSecond: number
  readonly #quality: number
  #started = false

  /** @throws {@link OptionError} when an option is out of range. */
  constructor(options: PatternOptions = {}) {
    this.width = checkSide('width', options.width ?? 640, 160)
    this.height = checkSide('height', options.height ?? 360, 90)
    this.framesPerSecond = checkFramesPerSecond(options.fps ?? 30)
    this.renditions = checkRenditions(options.renditions ?? [])
    this.#quality = checkQuality(options.quality ?? 80)
    this.expectedBytes = expectedJpegBytes(this.width, this.height, this.#quality)
  }

  get shape(): TopicShape {
    return { width: this.width, height: this.height, format: 'jpeg' }
  }

  /**
   * Each frame is drawn in advance, and shows the time at which it is due. @throws {@link ClosedError} when run twice.
   */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Frame> {
    if (this.#started) throw new ClosedError('the test pattern')
    this.#started = true

    let pattern: TestPattern | undefined
    const ticker = new Ticker(this.framesPerSecond, { delayMs: START_DELAY_MS })
    for (let frame = 0; !signal.aborted; frame++) {
      if (demand.wanted.size === 0) {
        await demand.untilWanted(signal)
        if (signal.aborted) return
        if (frame > 0) ticker.restart()
      }
      pattern ??= new TestPattern(this.width, this.height, this.framesPerSecond)
      const time = ticker.schedule()
      const frames = await this.#encode(pattern.draw(time, frame), time, demand.wanted)
      if ((await ticker.next(signal)) === undefined) return
      yield* frames
    }
  }

  /** The wanted outputs, each made directly from the drawing. */
  async #encode(pixels: Uint8Array, time: number, wanted: ReadonlySet<string>): Promise<Frame[]> {
    const { width, height } = this
    const frames: Frame[] = []
    for (const output of ['', ...this.renditions].filter((name) => wanted.has(name))) {
      const size = output === '' ? { width, height } : renditionSize(this, output)
      const data = await encodeJpeg(pixels, width, height, this.#quality, size)
      const rendition = output === '' ? {} : { rendition: output }
      frames.push({ kind: 'video', time, ...size, ...rendition, format: 'jpeg', data })
    }
    return frames
  }
}
