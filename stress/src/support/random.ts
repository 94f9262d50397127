/** A repeatable source of randomness: mulberry32, a public-domain generator by Tommy Ettinger. */
export class Random {
  #state: number

  /** @param seed - 0 to 2^32 - 1; the same seed gives the same numbers. */
  constructor(seed: number) {
    this.#state = seed
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.#next() * count)
  }

  /** Whether something with this probability happens. */
  chance(probability: number): boolean {
    return this.#next() < probability
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** So many bytes. */
  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count)
    for (let index = 0; index < count; index++) bytes[index] = this.below(256)
    return bytes
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
