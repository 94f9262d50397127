import type { SoundBlock } from '@zcast/shared'

/** Sound that may wait: older sound would be heard too late anyway. */
const MAX_SECONDS = 1
const MAX_BYTES = 1024 * 1024

/** Sound that waits to be sent to one page: the newest second. What is passed over is counted. */
export class SoundQueue {
  readonly #blocks: SoundBlock[] = []
  #seconds = 0
  #bytes = 0
  #leftOut = 0

  /** Seconds that wait. */
  get seconds(): number {
    return this.#seconds
  }

  /** The number of pieces that were passed over so far. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** Adds a piece; the oldest ones give way. */
  add(block: SoundBlock): void {
    this.#blocks.push(block)
    this.#seconds += secondsOf(block)
    this.#bytes += block.data.byteLength
    while (this.#seconds > MAX_SECONDS || this.#bytes > MAX_BYTES) {
      this.take()
      this.#leftOut += 1
    }
  }

  /** Takes the oldest piece. */
  take(): SoundBlock | undefined {
    const block = this.#blocks.shift()
    if (!block) return undefined
    this.#bytes -= block.data.byteLength
    // Sums of fractions would drift.
    this.#seconds = this.#blocks.length === 0 ? 0 : this.#seconds - secondsOf(block)
    return block
  }

  /** Forgets what waits, which nobody wants any more. */
  clear(): void {
    this.#blocks.length = this.#seconds = this.#bytes = 0
  }
}

/** The length of a piece in seconds. */
export function secondsOf({ samples, rate }: SoundBlock): number {
  return samples / rate
}
