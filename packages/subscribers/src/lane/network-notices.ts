import type { NetworkReading } from '@zcast/shared'
import { adviseOnNetwork } from './describe-network.ts'

/** Rates are taken over three seconds: the first readings after the network slowed down are half from before. */
const SETTLE_MS = 2500

interface Slowness {
  readonly sinceMs: number
  isSaid: boolean
}

/** Decides when to log that the network is too slow for a topic: once, and not for a momentary problem. */
export class NetworkNotices {
  readonly #slow = new Map<string, Slowness>()

  /** Takes a reading. @returns The sentence to log. */
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
