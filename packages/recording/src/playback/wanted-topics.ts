import { isPicture } from './topic-nature.ts'

/** Which topics of those that are played are wanted: at first all of them. */
export class WantedTopics {
  readonly #all: readonly string[]
  #wanted: ReadonlySet<string>

  constructor(all: readonly string[]) {
    this.#all = all
    this.#wanted = new Set(all)
  }

  get size(): number {
    return this.#wanted.size
  }

  has(topic: string): boolean {
    return this.#wanted.has(topic)
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#wanted[Symbol.iterator]()
  }

  /** Wants others from now on. @returns Which are wanted anew and which no more; `undefined` when they are the same. */
  change(topics: Iterable<string>): { readonly added: string[]; readonly removed: string[] } | undefined {
    const before = this.#wanted
    this.#wanted = new Set([...topics].filter((topic) => this.#all.includes(topic)))
    const added = [...this.#wanted].filter((topic) => !before.has(topic))
    const removed = [...before].filter((topic) => !this.#wanted.has(topic))
    return added.length + removed.length === 0 ? undefined : { added, removed }
  }

  /** What a step goes to the next one of. */
  get sought(): readonly string[] {
    return this.#wanted.size > 0 ? [...this.#wanted] : this.#all
  }

  /** True for a topic whose values a step goes to: pictures, or all where no pictures are wanted. */
  isStep(topic: string): boolean {
    return isPicture(topic) || !this.sought.some(isPicture)
  }
}
