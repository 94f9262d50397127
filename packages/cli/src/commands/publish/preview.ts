import type { Format } from '@zcast/formats'
import type { SinkError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Sink, Subscriber } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'

/** The endpoint on which a publisher also listens, inside its own process only, when it shows what it sends. */
export const PREVIEW_ENDPOINT = 'inproc://zcast-preview'

/**
 * The publisher's own window, titled "Server": an ordinary subscriber in the same process. Closing the window ends the
 * preview, not the publisher.
 */
export class Preview {
  readonly #context: CommandContext
  readonly #ended = new AbortController()
  #told = false
  #window: Sink | undefined
  #subscriber: Subscriber | undefined
  #running: Promise<void> | undefined

  constructor(context: CommandContext) {
    this.#context = context
  }

  /**
   * Opens the window.
   *
   * @throws {@link SinkError} when there is no ffplay or no display.
   */
  async open(): Promise<void> {
    const { WindowSink } = await import('@zcast/subscribers/pictures')
    const onQuit = (failure?: SinkError): void => {
      if (failure) this.#tell(failure)
      this.#ended.abort()
    }
    const window = new WindowSink({ title: 'Server', onQuit })
    await window.open()
    this.#window = window
  }

  /**
   * Shows everything sent from now on; the publisher already listens at {@link PREVIEW_ENDPOINT}.
   *
   * @param format - That of the publisher; zcast's own without it.
   */
  async watch(format: Format | undefined): Promise<void> {
    const window = this.#window as Sink
    const { Subscriber } = await import('@zcast/subscribers')
    const { signal } = this.#context
    const subscription = { connect: [PREVIEW_ENDPOINT], topics: ['video/'], delivery: 'latest' } as const
    const codec = format?.openCodec()
    this.#subscriber = await Subscriber.open({ ...subscription, ...(codec && { codec }) })
    const running = this.#subscriber.run(window, { signal: AbortSignal.any([signal, this.#ended.signal]) })
    this.#running = running.catch((error: unknown) => this.#tell(error))
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.#subscriber?.close()
    await this.#running
    await this.#window?.close()
  }

  /** The window reports its end, and again to everything that writes to it. */
  #tell(error: unknown): void {
    if (this.#told) return
    this.#told = true
    const text = `the preview ended: ${errorMessage(error)}`
    this.#context.log.error(text)
  }
}
