import type { Envelope, SinkError } from '@zcast/shared'
import type { PictureWindow } from '@zcast/shared/media'
import type { Sink } from './sink.ts'

/** Options of {@link WindowSink}. */
export interface WindowSinkOptions {
  /** Of the window, such as "Client 1" or "Server". */
  readonly title: string
  /** Called once when the window is gone: without an argument when a person closed it, else with the reason. */
  readonly onQuit: (error?: SinkError) => void
  /** Where `PATH`, `DISPLAY` and `WAYLAND_DISPLAY` are read. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * Shows video in a native window, by ffplay. `write` resolves when ffplay has taken the picture, so that its viewer
 * skips rather than lags. What is not a picture is ignored, and so is all that comes after the window was closed.
 */
export class WindowSink implements Sink {
  readonly #options: WindowSinkOptions
  #window: PictureWindow | undefined

  constructor(options: WindowSinkOptions) {
    this.#options = options
  }

  /** @throws {@link SinkError} `ERR_SINK` when there is no ffplay, or no display. */
  async open(): Promise<void> {
    const { PictureWindow } = await import('@zcast/shared/media')
    const { title, onQuit, environment } = this.#options
    this.#window = await PictureWindow.open({ title, onClosed: onQuit, environment })
  }

  /** @throws {@link SinkError} `ERR_SINK` when ffplay has failed. */
  async write({ block }: Envelope): Promise<void> {
    if (block.kind === 'video') await this.#window?.show(block.data)
  }

  async close(): Promise<void> {
    await this.#window?.close()
  }
}
