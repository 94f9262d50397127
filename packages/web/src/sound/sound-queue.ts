import type { SoundBlock } from '@zcast/shared'

/** Sound that may wait: older sound would be heard too late anyway. */
const MAX_MICROSECONDS = 1_000_000
const MAX_BYTES = 1024 * 1024

/** Sound that waits to be sent to one page: the newest second. What is passed over is counted. */
export class SoundQueue {
  readonly #blocks: SoundBlock[] = []
  #microseconds = 0
  #bytes = 0
  #leftOut = 0

  /** The length of what waits. */
  get microseconds(): number {
    return this.#microseconds
  }

  /** The number of pieces that were passed over so far. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** Adds a piece; the oldest ones give way. */
  add(block: SoundBlock): void {
    this.#blocks.push(block)
    this.#microseconds += microsecondsOf(block)
    this.#bytes += block.data.byteLength
    while (this.#microseconds > MAX_MICROSECONDS || this.#bytes > MAX_BYTES) {
      this.take()
      this.#leftOut += 1
    }
  }

  /** Takes the oldest piece. */
  take(): SoundBlock | undefined {
    const block = this.#blocks.shift()
    if (!block) return undefined
    this.#bytes -= block.data.byteLength
    this.#microseconds -= microsecondsOf(block)
    return block
  }

  /** Forgets what waits, which nobody wants any more. */
  clear(): void {
    this.#blocks.length = this.#microseconds = this.#bytes = 0
  }
}

/** The length of a piece, in whole microseconds, which can be added up and taken away again. */
export function microsecondsOf({ samples, rate }: SoundBlock): number {
  return Math.round((samples / rate) * 1e6)
}
