import { performance } from 'node:perf_hooks'

/** How long a judgement takes. */
const JUDGED_MS = 1000

/** A process that is busy for this share of a second reads as fast as it can, and no more. */
const SHARE_BUSY = 0.97

/**
 * Notices that this process cannot read as fast as messages come: it never waits for one any more. Figures are then those
 * of the reading, and not of the stream. (To ask ZeroMQ whether messages wait is no way: the question takes away the
 * signal with which zeromq.js is woken, measured.)
 */
export class BusyWatch {
  readonly #timer: NodeJS.Timeout
  #before = performance.eventLoopUtilization()
  #share = 0
  #sinceMs = performance.now()

  constructor() {
    this.#timer = setInterval(() => this.#judge(), JUDGED_MS)
  }

  /** True while the last second has shown that it cannot keep up. */
  get isBehind(): boolean {
    // A timer that comes late tells the same.
    const sinceMs = performance.now() - this.#sinceMs
    if (sinceMs < JUDGED_MS) return this.#share >= SHARE_BUSY
    return performance.eventLoopUtilization(this.#before).utilization >= SHARE_BUSY
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #judge(): void {
    const now = performance.eventLoopUtilization()
    this.#share = performance.eventLoopUtilization(now, this.#before).utilization
    this.#before = now
    this.#sinceMs = performance.now()
  }
}
