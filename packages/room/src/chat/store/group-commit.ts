/** Something that waits to be written. */
interface Waiting<Item> {
  readonly item: Item
  readonly done: () => void
  readonly failed: (reason: unknown) => void
}

/** What may wait for the disk, in messages; a disk writes hundreds of groups a second. */
export const MAX_WAITING = 1000

/**
 * Writes items in their order. What comes while a write is on its way is written together afterwards: fifty people who
 * write at once wait for the disk once.
 */
export class GroupCommit<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void>
  #waiting: Waiting<Item>[] = []
  #writing: Promise<void> | undefined

  /** @param write - Writes items; resolves once they are on the disk. */
  constructor(write: (items: readonly Item[]) => Promise<void>) {
    this.#write = write
  }

  /** True while no more may wait. */
  get isFull(): boolean {
    return this.#waiting.length >= MAX_WAITING
  }

  /** Writes an item; resolves once it is on the disk. @throws What `write` threw. */
  add(item: Item): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed })
      this.#writing ??= this.#run()
    })
  }

  /** Waits until everything was written, or failed. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  async #run(): Promise<void> {
    // Those of the same turn go together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#write(group.map(({ item }) => item))
        for (const { done } of group) done()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
    }
    this.#writing = undefined
  }
}
