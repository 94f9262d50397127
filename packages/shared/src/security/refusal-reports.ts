import type { Refusal } from './refusal.ts'

/** The number of refusals distinguished at a time. */
const MAX_REFUSALS = 64

/** A refusal is reported again when it comes back after this long. Refused clients retry at least once a second. */
const FORGET_AFTER_MS = 10_000

/** These say nothing about whether a peer was admitted: a peer that breaks the protocol is admitted each time. */
const WHOEVER_IS_LET_IN = /^(protocol|no-room|unknown-host|too-slow|not-permitted)/

/** Reports each refusal once, not once per attempt. Beyond 64 at a time, only one of each reason is reported. */
export class RefusalReports {
  readonly #onRefused: (refusal: Refusal) => void
  readonly #clock: () => number
  readonly #lastSeen = new Map<string, number>()

  /** @param clock - Milliseconds; for tests. */
  constructor(onRefused: (refusal: Refusal) => void, clock: () => number = () => performance.now()) {
    this.#onRefused = onRefused
    this.#clock = clock
  }

  /** Notes a refused attempt. */
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

  /** Notes that a client was admitted: the next refusal because of keys is reported again. */
  forget(): void {
    for (const key of this.#lastSeen.keys()) if (!WHOEVER_IS_LET_IN.test(key)) this.#lastSeen.delete(key)
  }
}
