import type { Loss } from './subscriber-events.ts'

/** Finds out when more of a topic has been lost than before. */
export class LossWatch {
  /** What is lost of each topic so far; a subscriber has 256 topics at the most. */
  readonly #lost = new Map<string, number>()

  /**
   * @param total - The sum of what is lost of the topic now.
   * @returns The loss that is new; `undefined` where there is none.
   */
  see(topic: string, total: number): Loss | undefined {
    const before = this.#lost.get(topic) ?? 0
    if (total === before) return undefined
    this.#lost.set(topic, total)
    return total > before ? { topic, lost: total - before, total } : undefined
  }
}
