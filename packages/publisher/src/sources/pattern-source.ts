import { ClosedError, Ticker, type Frame } from '@zcast/shared'
import { encodeJpeg } from '@zcast/shared/media'
import { TestPattern } from './pattern/test-pattern.ts'
import { checkFramesPerSecond, checkQuality, checkSide, expectedJpegBytes } from './picture-options.ts'
import type { Source, SourceRun } from './source.ts'

/** Options of a {@link PatternSource}. */
export interface PatternOptions {
  /** Pixels, 160 to 8192. Default 640. */
  readonly width?: number | undefined
  /** Pixels, 90 to 8192. Default 360. */
  readonly height?: number | undefined
  /** Frames a second, 0.1 to 240. Default 30. */
  readonly fps?: number | undefined
  /** 1 to 100, libjpeg's scale. Default 80. */
  readonly quality?: number | undefined
}

// Loading the encoder takes some 50 ms; without this the first frames would all be late.
const START_DELAY_MS = 100

/** A moving test pattern with a clock and a frame counter: shows loss, delay and stutter at a glance. Needs no ffmpeg. */
export class PatternSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** Frames a second that are sent. */
  readonly framesPerSecond: number
  readonly #quality: number
  #started = false

  /** @throws {@link OptionError} when an option is out of range. */
  constructor(options: PatternOptions = {}) {
    this.width = checkSide('width', options.width ?? 640, 160)
    this.height = checkSide('height', options.height ?? 360, 90)
    this.framesPerSecond = checkFramesPerSecond(options.fps ?? 30)
    this.#quality = checkQuality(options.quality ?? 80)
    this.expectedBytes = expectedJpegBytes(this.width, this.height, this.#quality)
  }

  /** Each frame is drawn ahead, and shows the time at which it is due. @throws {@link ClosedError} when run twice. */
  async *blocks({ signal }: SourceRun): AsyncGenerator<Frame> {
    if (this.#started) throw new ClosedError('the test pattern')
    this.#started = true

    const { width, height } = this
    const pattern = new TestPattern(width, height, this.framesPerSecond)
    const ticker = new Ticker(this.framesPerSecond, { delayMs: START_DELAY_MS })
    for (let frame = 0; !signal.aborted; frame++) {
      const time = ticker.schedule()
      const data = await encodeJpeg(pattern.draw(time, frame), width, height, this.#quality)
      if ((await ticker.next(signal)) === undefined) return
      yield { kind: 'video', time, width, height, format: 'jpeg', data }
    }
  }
}
