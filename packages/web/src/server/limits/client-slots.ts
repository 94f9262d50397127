import { isLoopbackHost } from '@zcast/shared/internal'

/** The places for streams and WebSockets; one address may take half of them. */
export class ClientSlots {
  readonly #limit: number
  readonly #counts = new Map<string, number>()
  #taken = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The number of places taken. */
  get taken(): number {
    return this.#taken
  }

  /**
   * Takes a place.
   *
   * @param address - The client's address. Behind a proxy on this machine that does not name its clients, all are one,
   *   so loopback may take all places.
   * @returns A function that frees the place, to be called once; `undefined` when there is none.
   */
  take(address: string): (() => void) | undefined {
    const own = this.#counts.get(address) ?? 0
    if (this.#taken >= this.#limit) return undefined
    if (own > 0 && own >= this.#limit / 2 && !isLoopbackHost(address)) return undefined
    this.#taken += 1
    this.#counts.set(address, own + 1)
    return () => {
      this.#taken -= 1
      const left = (this.#counts.get(address) ?? 1) - 1
      if (left > 0) this.#counts.set(address, left)
      else this.#counts.delete(address)
    }
  }
}
