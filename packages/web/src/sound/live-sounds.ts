import type { SoundBlock } from '@zcast/shared'

/** The number of streams remembered; a publisher that invents new ones cannot fill the memory. */
const MAX_TOPICS = 64

/** The streams of sound, and who listens to each. No sound is kept here: what nobody listens to is gone. */
export class LiveSounds {
  /** The one heard least recently comes first. */
  readonly #heard = new Set<string>()
  readonly #listeners = new Map<string, Set<(block: SoundBlock) => void>>()
  readonly #onNew = new Set<() => void>()

  /** The streams heard so far, those heard least recently first. */
  get topics(): readonly string[] {
    return [...this.#heard]
  }

  /**
   * Hands a piece to those who listen to its stream. Opus is left out: pages cannot play it.
   *
   * @param retained - It was sent before: it says that the stream exists, and is heard nowhere. Default false.
   */
  add(topic: string, block: SoundBlock, retained = false): void {
    if (block.format !== 's16') return
    const isNew = !this.#heard.delete(topic)
    if (isNew && this.#heard.size >= MAX_TOPICS) this.#forgetOldest()
    this.#heard.add(topic)
    if (isNew) for (const listener of this.#onNew) listener()
    if (!retained) for (const listener of this.#listeners.get(topic) ?? []) listener(block)
  }

  /** Calls `listener` for each piece of a stream from now on. @returns A function that ends this. */
  listen(topic: string, listener: (block: SoundBlock) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic)
    }
  }

  /** Calls `listener` whenever a stream is heard for the first time. */
  onNew(listener: () => void): void {
    this.#onNew.add(listener)
  }

  #forgetOldest(): void {
    const [oldest] = this.#heard
    if (oldest !== undefined) this.#heard.delete(oldest)
  }
}
