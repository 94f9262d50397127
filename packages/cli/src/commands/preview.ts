import { errorMessage } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'

/** Where the publisher also listens, inside its own process only, when it shows what it sends. */
export const PREVIEW_ENDPOINT = 'inproc://zcast-preview'

/**
 * The publisher's own window, titled "Server": an ordinary subscriber in the same process. Closing the window ends the
 * preview, not the publisher.
 */
export class Preview {
  readonly #context: CommandContext
  #subscriber: Subscriber | undefined
  #running: Promise<void> | undefined

  constructor(context: CommandContext) {
    this.#context = context
  }

  /** @throws {@link SinkError} when there is no ffplay or no display. */
  async open(topic: string): Promise<void> {
    const { WindowSink } = await import('@zcast/subscribers/pictures')
    const { signal, log } = this.#context
    const ended = new AbortController()
    const window = new WindowSink({ title: 'Server', onQuit: () => ended.abort() })
    this.#subscriber = await Subscriber.open({
      connect: [PREVIEW_ENDPOINT],
      topics: [topic],
      delivery: 'latest',
    })
    let markOpen: () => void = () => undefined
    const opened = new Promise<void>((resolve) => (markOpen = resolve))
    const running = this.#subscriber.run(
      {
        open: async () => {
          await window.open()
          markOpen()
        },
        write: (envelope) => window.write(envelope),
        close: () => window.close(),
      },
      { signal: AbortSignal.any([signal, ended.signal]) },
    )
    await Promise.race([opened, running])
    this.#running = running.catch((error: unknown) => {
      log.error(`the preview ended: ${errorMessage(error)}`)
      this.#context.status(`the preview ended: ${errorMessage(error)}`)
    })
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.#subscriber?.close()
    await this.#running
  }
}
