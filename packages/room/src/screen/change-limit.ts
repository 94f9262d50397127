import type { Guest } from '../people/guest.ts'

/** Changes of one guest in a row, and how many a second after that. */
const BURST = 10
const A_SECOND = 4

/** Limits how often one guest changes what is on air: nobody could watch. */
export class ChangeLimit {
  readonly #guests = new WeakMap<Guest, { left: number; atMs: number }>()

  /** Takes one change. @returns False when it is one too many. */
  take(guest: Guest, nowMs = performance.now()): boolean {
    const { left, atMs } = this.#guests.get(guest) ?? { left: BURST, atMs: nowMs }
    const now = Math.min(BURST, left + ((nowMs - atMs) / 1000) * A_SECOND)
    const isAllowed = now >= 1
    this.#guests.set(guest, { left: isAllowed ? now - 1 : now, atMs: nowMs })
    return isAllowed
  }
}
