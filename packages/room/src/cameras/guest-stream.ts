import type { Frame, Log, SoundBlock } from '@zcast/shared'
import type { Publisher } from '@zcast/publisher'
import { PushedSource, type PushedSourceOptions } from './pushed-source.ts'

/** What a guest shares, as one topic of the room: from its first moment to its last. */
export class GuestStream<Pushed extends Frame | SoundBlock> {
  readonly #source: PushedSource<Pushed>
  readonly #ending = new AbortController()
  readonly #run: Promise<void>
  #isWanted = false

  /** @param stream - The stream's name, which is free. */
  constructor(publisher: Publisher, stream: string, log: Log, options: PushedSourceOptions<Pushed>) {
    this.#source = new PushedSource<Pushed>({
      ...options,
      onWanted: (isWanted) => {
        if (this.#ending.signal.aborted) return
        this.#isWanted = isWanted
        options.onWanted(isWanted)
      },
    })
    this.#run = publisher
      .run(this.#source, { stream, signal: this.#ending.signal })
      .catch((error: unknown) => {
        log.error('what a guest shares could not be sent on', error)
      })
  }

  /** Whether anybody watches or listens. */
  get isWanted(): boolean {
    return this.#isWanted
  }

  /** Sends a picture or a piece of sound; passed over while nobody wants it. */
  push(block: Pushed): void {
    if (this.#isWanted) this.#source.push(block)
  }

  /** Ends it; its topic is free once that resolves. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#run
  }
}
