import type { Refusal } from './refusal.ts'

/** Refusals that are told apart at a time. */
const MAX_REFUSALS = 64

/** A refusal that has not come again for this long is news when it does. Whoever is refused tries once a second or more. */
const FORGET_AFTER_MS = 10_000

/** Of these it says nothing that somebody was let in: who breaks the protocol is let in each time. */
const WHOEVER_IS_LET_IN = /^(protocol|no-room|unknown-host)/

/** Passes on each refusal once, not once an attempt. Of more than 64 at a time, only one of each reason is passed on. */
export class RefusalReports {
  readonly #onRefused: (refusal: Refusal) => void
  readonly #clock: () => number
  readonly #lastSeen = new Map<string, number>()

  /** @param clock - Milliseconds; for tests. */
  constructor(onRefused: (refusal: Refusal) => void, clock: () => number = () => performance.now()) {
    this.#onRefused = onRefused
    this.#clock = clock
  }

  /** Takes note of a refused attempt. */
  add(refusal: Refusal): void {
    const now = this.#clock()
    for (const [key, seen] of this.#lastSeen) if (now - seen > FORGET_AFTER_MS) this.#lastSeen.delete(key)
    const { reason, endpoint, publicKey = '' } = refusal
    const exact = `${reason} ${endpoint} ${publicKey}`
    const key = this.#lastSeen.has(exact) || this.#lastSeen.size < MAX_REFUSALS ? exact : reason
    const isNews = !this.#lastSeen.has(key)
    this.#lastSeen.set(key, now)
    if (isNews) this.#onRefused(refusal)
  }

  /** Somebody was let in: the next refusal because of keys is news. */
  forget(): void {
    for (const key of this.#lastSeen.keys()) if (!WHOEVER_IS_LET_IN.test(key)) this.#lastSeen.delete(key)
  }
}
