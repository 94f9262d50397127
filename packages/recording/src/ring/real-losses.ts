import type { Statistics } from '@zcast/shared'

/** Tells which of the values that a sink was not given were lost: its subscription may have left out the others. */
export class RealLosses {
  readonly #told = new Map<string, number>()

  /** How many of `gap` values that are missing before one of a topic were lost. */
  count(topic: string, gap: number, statistics: Statistics | undefined): number {
    const accounts = statistics?.topics.get(topic)
    if (!accounts) return gap
    const told = this.#told.get(topic) ?? 0
    const lost = Math.min(gap, Math.max((accounts.counts().lost ?? 0) - told, 0))
    this.#told.set(topic, told + lost)
    return lost
  }
}
