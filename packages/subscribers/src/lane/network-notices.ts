import type { NetworkReading } from '@zcast/shared'
import { adviseOnNetwork } from './describe-network.ts'

/** Rates are taken over three seconds: the first readings of a network that has slowed down are half of before. */
const SETTLE_MS = 2500

interface Slowness {
  readonly sinceMs: number
  isSaid: boolean
}

/** When to write into the log that the network is too slow for a topic: once, and not what is over in a moment. */
export class NetworkNotices {
  readonly #slow = new Map<string, Slowness>()

  /** Takes a reading. @returns What to write. */
  take(topic: string, reading: NetworkReading | undefined, nowMs: number): string | undefined {
    if (!reading) {
      this.#slow.delete(topic)
      return undefined
    }
    const slowness = this.#slow.get(topic) ?? { sinceMs: nowMs, isSaid: false }
    this.#slow.set(topic, slowness)
    if (slowness.isSaid || nowMs - slowness.sinceMs < SETTLE_MS) return undefined
    slowness.isSaid = true
    return adviseOnNetwork(topic, reading)
  }
}
