import type { Envelope, SinkError, StatisticsWindow } from '@zcast/shared'
import type { PictureWindow } from '@zcast/media'
import { describeWindow, isWaiting } from './describe-window.ts'
import type { Sink, SinkContext } from './sink.ts'

/** Options of {@link WindowSink}. */
export interface WindowSinkOptions {
  /**
   * The window's title, such as "Client 1" or "Server"; figures follow it where the display allows titles to change.
   */
  readonly title: string
  /** Called once when the window is gone: without an argument when a person closed it, otherwise with the reason. */
  readonly onQuit: (error?: SinkError) => void
  /** The environment from which `PATH`, `DISPLAY` and `WAYLAND_DISPLAY` are read. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

const SECOND_MS = 1000

/**
 * Shows video in a native window, using ffplay. `write` resolves when ffplay has accepted the picture, so that its
 * viewer skips rather than lags. Its title shows the figures of the last second; while nothing comes, the last picture
 * is shown dimmed. Blocks that are not pictures are ignored, and so is everything after the window was closed.
 */
export class WindowSink implements Sink {
  readonly #options: WindowSinkOptions
  #window: PictureWindow | undefined
  #context: SinkContext | undefined
  #figures: StatisticsWindow | undefined
  #timer: NodeJS.Timeout | undefined
  #newest: Uint8Array | undefined
  #isDimmed = false

  constructor(options: WindowSinkOptions) {
    this.#options = options
  }

  /**
   * Opens the window, unless it is open.
   *
   * @param context - The source of the figures in the title. Default: the title does not change.
   * @throws {@link SinkError} `ERR_SINK` when there is no ffplay, or no display.
   */
  async open(context?: SinkContext): Promise<void> {
    if (this.#window) return
    const { PictureWindow } = await import('@zcast/media')
    const { title, onQuit, environment } = this.#options
    this.#window = await PictureWindow.open({ title, onClosed: onQuit, environment })
    if (!context) return
    this.#context = context
    this.#figures = context.statistics.openWindow()
    this.#timer = setInterval(() => void this.#endSecond(), SECOND_MS).unref()
  }

  /** @throws {@link SinkError} `ERR_SINK` when ffplay has failed. */
  async write({ block }: Envelope): Promise<void> {
    if (block.kind !== 'video') return
    this.#newest = block.data
    this.#isDimmed = false
    await this.#window?.show(block.data)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#figures?.close()
    await this.#window?.close()
  }

  async #endSecond(): Promise<void> {
    const { title } = this.#options
    const context = this.#context as SinkContext
    const reading = (this.#figures as StatisticsWindow).read()
    const state = context.state()
    await this.#window?.setTitle(describeWindow(title, state, reading, context.statistics))
    if (isWaiting(state) && !this.#isDimmed) await this.#dim()
  }

  async #dim(): Promise<void> {
    const picture = this.#newest
    if (!picture) return
    this.#isDimmed = true
    const { dimJpeg } = await import('@zcast/media')
    // A picture that cannot be decoded was not shown either.
    const dimmed = await dimJpeg(picture).catch(() => undefined)
    if (dimmed && this.#isDimmed && this.#newest === picture)
      await this.#window?.show(dimmed).catch(() => undefined)
  }
}
