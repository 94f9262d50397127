import type { Frame } from '@zcast/shared'
import type { LiveFeed } from './reel.ts'

/** The newest picture of a live stream. */
export class LivePictureFeed {
  readonly #feed: LiveFeed
  readonly #reading: Promise<void>
  #failure: unknown
  #newest: Frame | undefined
  #wake: () => void = () => undefined
  #cameAtMs: number | undefined
  #isStill = false

  constructor(feed: LiveFeed) {
    this.#feed = feed
    this.#reading = this.#read().catch((error: unknown) => {
      this.#failure = error
      this.#wake()
    })
  }

  /** When the last picture came, by a monotonic clock in milliseconds. */
  get cameAtMs(): number | undefined {
    return this.#cameAtMs
  }

  /** Says whether it plays. A still one is not subscribed to once it has a picture. */
  follow(isPlaying: boolean): void {
    this.#isStill = !isPlaying
    this.#settle()
  }

  /** The newest picture that was not taken yet, once there is one; `undefined` after a time, or the signal. */
  async next(longestMs: number, signal: AbortSignal): Promise<Frame | undefined> {
    if (!this.#newest && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, longestMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
        signal.addEventListener('abort', this.#wake, { once: true })
      })
      signal.removeEventListener('abort', this.#wake)
    }
    if (this.#failure !== undefined) throw this.#failure
    const frame = this.#newest
    this.#newest = undefined
    return frame
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    await this.#feed.close()
    await this.#reading
  }

  #settle(): void {
    if (this.#isStill && this.#cameAtMs !== undefined) this.#feed.pause()
    else this.#feed.resume()
  }

  async #read(): Promise<void> {
    for await (const { block } of this.#feed) {
      // What was on its way when it was stopped is not shown.
      if (block.kind !== 'video' || (this.#isStill && this.#cameAtMs !== undefined)) continue
      const { kind, time, width, height, format, data } = block
      this.#newest = { kind, time, width, height, format, data }
      this.#cameAtMs = performance.now()
      this.#settle()
      this.#wake()
    }
  }
}
