/**
 * A queue that takes longer to become half empty belongs to a slow network: a fast reader empties it in a fraction of
 * this.
 */
const LONG_WAIT_MS = 1000

/** Bytes per second: what the stream would send, and what the network accepts. */
export interface HeldBackReading {
  readonly wanted: number
  readonly carried: number
}

/** Measures how much a lossless stream is held back by the slowest network to its subscribers. */
export class HeldBack {
  #sinceMs: number
  #bytes = 0
  #isFirst = true

  /** @param nowMs - A monotonic time. */
  constructor(nowMs: number) {
    this.#sinceMs = nowMs
  }

  /** Counts a message that was sent. @returns A reading, if the message had to wait for long. */
  sent(bytes: number, waitedMs: number, nowMs: number): HeldBackReading | undefined {
    this.#bytes += bytes
    if (waitedMs < LONG_WAIT_MS) return undefined
    const elapsedMs = nowMs - this.#sinceMs
    // ZeroMQ reports room once a queue is half empty; before the first time it had to be filled.
    const taken = this.#isFirst ? this.#bytes / 2 : this.#bytes
    const sendingMs = Math.max(elapsedMs - waitedMs, 1)
    const reading = { wanted: (this.#bytes / sendingMs) * 1000, carried: (taken / elapsedMs) * 1000 }
    this.#isFirst = false
    this.#sinceMs = nowMs
    this.#bytes = 0
    return reading
  }
}

/** Describes the reading in words. */
export function describeHeldBack(topic: string, { wanted, carried }: HeldBackReading): string {
  return `${topic} is held back by the network: ${megabytes(wanted)} MB/s wanted, ${megabytes(carried)} carried; nothing is lost, but all its subscribers wait`
}

const LEAST_MEGABYTES = 0.001

function megabytes(bytes: number): string {
  const value = bytes / 1e6
  if (value < LEAST_MEGABYTES) return `under ${LEAST_MEGABYTES}`
  // As a number again: toPrecision writes 9.7 as 1e+1.
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(1)))
}
