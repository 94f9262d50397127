import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** How long a judgement takes. */
const JUDGED_MS = 1000

/** A process that is busy for this share of a second reads as fast as it can, and no more. */
const SHARE_BUSY = 0.97

const NANOSECONDS_PER_MS = 1e6

/**
 * Notices that this process cannot read as fast as messages come, because it never waits for one any more, or because it
 * is held up. Figures are then those of the reading, and not of the stream. (To ask ZeroMQ whether messages wait is no
 * way: the question takes away the signal with which zeromq.js is woken, measured.)
 */
export class BusyWatch {
  readonly #timer: NodeJS.Timeout
  readonly #delays = monitorEventLoopDelay({ resolution: 10 })
  #before = performance.eventLoopUtilization()
  #share = 0
  #behindSeconds = 0

  constructor() {
    this.#timer = setInterval(() => this.#judge(), JUDGED_MS)
    this.#delays.enable()
  }

  /** True while the last second has shown that it cannot keep up. */
  get isBehind(): boolean {
    return this.#share >= SHARE_BUSY
  }

  /** Seconds in which it could not keep up. */
  get behindSeconds(): number {
    return this.#behindSeconds
  }

  /** The longest time for which nothing could be read, in milliseconds. */
  get longestStallMs(): number {
    return this.#delays.max / NANOSECONDS_PER_MS
  }

  close(): void {
    clearInterval(this.#timer)
    this.#delays.disable()
  }

  #judge(): void {
    const now = performance.eventLoopUtilization()
    this.#share = performance.eventLoopUtilization(now, this.#before).utilization
    if (this.isBehind) this.#behindSeconds += 1
    this.#before = now
  }
}
