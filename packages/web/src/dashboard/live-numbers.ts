import type { Envelope } from '@zcast/shared'
import { ColumnBudget } from './column-budget.ts'
import { NumbersHistory } from './numbers-history.ts'

/** The number of streams with a history, whose first 16 positions take up to 2.5 MB each. */
const MAX_HISTORIES = 32
/** The number of streams that may be waited for; they may not even exist. */
const MAX_AWAITED = 256

/** The histories of all streams of numbers. */
export class LiveNumbers {
  /** The least recently viewed one comes first. */
  readonly #histories = new Map<string, NumbersHistory>()
  readonly #awaited = new Set<string>()
  readonly #watchers = new Set<{ topic: string; listener: () => void }>()
  readonly #budget = new ColumnBudget()

  /** The history of a stream, if it has one. */
  history(topic: string): NumbersHistory | undefined {
    return this.#histories.get(topic)
  }

  /** Adds arrays; other blocks are ignored. */
  add({ topic, epoch, block }: Envelope): void {
    if (block.kind !== 'numbers') return
    const history = this.#histories.get(topic) ?? this.#begin(topic)
    if (!history) return
    history.add(block, epoch)
    for (const watcher of this.#watchers) if (watcher.topic === topic) watcher.listener()
  }

  /**
   * Notes that somebody looks at a stream: its history starts, and is kept in preference to one that nobody looks at.
   */
  touch(topic: string): void {
    const history = this.#histories.get(topic)
    if (!history) {
      if (this.#awaited.size < MAX_AWAITED) this.#awaited.add(topic)
      return
    }
    this.#histories.delete(topic)
    this.#histories.set(topic, history)
  }

  /** Calls `listener` whenever something was added to a stream. @returns A function that removes the listener. */
  watch(topic: string, listener: () => void): () => void {
    const watcher = { topic, listener }
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Starts a history: when there are already enough, only for a stream that is viewed, replacing another. */
  #begin(topic: string): NumbersHistory | undefined {
    const isAwaited = this.#awaited.delete(topic)
    if (this.#histories.size >= MAX_HISTORIES) {
      const [oldest] = this.#histories
      if (!isAwaited || !oldest) return undefined
      this.#histories.delete(oldest[0])
      oldest[1].clear()
    }
    const history = new NumbersHistory(this.#budget)
    this.#histories.set(topic, history)
    return history
  }
}
