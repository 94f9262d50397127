import type { Loss } from './subscriber-events.ts'

/** Detects when more of a topic has been lost than before. */
export class LossWatch {
  /** The loss of each topic so far; a subscriber has at most 256 topics. */
  readonly #lost = new Map<string, number>()

  /**
   * @param total - The topic's total loss now.
   * @returns The new loss; `undefined` when there is none.
   */
  see(topic: string, total: number): Loss | undefined {
    const before = this.#lost.get(topic) ?? 0
    if (total === before) return undefined
    this.#lost.set(topic, total)
    return total > before ? { topic, lost: total - before, total } : undefined
  }
}
