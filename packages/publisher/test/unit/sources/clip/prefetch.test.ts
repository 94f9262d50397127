import { describe, expect, test } from '@jest/globals'
import { prefetch, type PrefetchLimits } from '../../../../src/sources/clip/prefetch.ts'

/** Counts up, and notes how far it got and whether it was ended. */
class Counter {
  made = 0
  ended = false
  readonly #last: number
  readonly #failure: unknown
  constructor(last = Infinity, failure?: unknown) {
    this.#last = last
    this.#failure = failure
  }
  readonly open = async function* (this: Counter): AsyncGenerator<number> {
    try {
      while (this.made < this.#last) yield this.made++
      if (this.#failure !== undefined) throw this.#failure
    } finally {
      this.ended = true
    }
  }.bind(this)
}

const limits = (items: number, bytes = Infinity, size = 1): PrefetchLimits<number> => ({
  items,
  bytes,
  sizeOf: () => size,
})
const never = new AbortController().signal
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('prefetch', () => {
  test('gives the same items in order, and ends', async () => {
    const counter = new Counter(100)
    const items = []
    for await (const item of prefetch(counter.open, limits(7), never)) items.push(item)
    expect(items).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(counter.ended).toBe(true)
  })

  test('reads ahead up to the number of items, and no further', async () => {
    const counter = new Counter()
    for await (const item of prefetch(counter.open, limits(5), never)) {
      await turn()
      expect(counter.made).toBe(item + 6)
      if (item === 10) break
    }
  })

  test('reads ahead up to the number of bytes, but always one item', async () => {
    const counter = new Counter()
    for await (const item of prefetch(counter.open, limits(100, 30, 10), never)) {
      await turn()
      expect(counter.made).toBe(item + 4)
      if (item === 3) break
    }
    const large = new Counter(3)
    const items = []
    for await (const item of prefetch(large.open, limits(100, 5, 10), never)) items.push(item)
    expect(items).toEqual([0, 1, 2])
  })

  test('passes an error on after the items before it', async () => {
    const items: number[] = []
    const reading = (async () => {
      for await (const item of prefetch(new Counter(3, new TypeError('broken')).open, limits(10), never))
        items.push(item)
    })()
    await expect(reading).rejects.toThrow('broken')
    expect(items).toEqual([0, 1, 2])
  })

  test('leaving the loop waits until the source has ended', async () => {
    const counter = new Counter()
    for await (const _ of prefetch(counter.open, limits(3), never)) break
    expect(counter.ended).toBe(true)
  })

  test('aborting ends it, also while the source has nothing to give', async () => {
    const controller = new AbortController()
    let ended = false
    async function* silent(signal: AbortSignal): AsyncGenerator<number> {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped'))),
      ).finally(() => (ended = true))
      yield 1
    }
    const next = prefetch(silent, limits(3), controller.signal).next()
    await turn()
    controller.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(ended).toBe(true)
  })

  test('does not begin when it was aborted before', async () => {
    const counter = new Counter()
    expect((await prefetch(counter.open, limits(3), AbortSignal.abort()).next()).done).toBe(true)
    expect(counter.made).toBe(0)
  })
})
