import type { PausableSubscription } from '@zcast/subscribers'

/** Subscriptions that are paused together; one that joins a paused group is paused too. */
export class PausableGroup implements PausableSubscription {
  readonly #members = new Set<PausableSubscription>()
  #paused = false

  add(subscription: PausableSubscription): void {
    this.#members.add(subscription)
    if (this.#paused) subscription.pause()
  }

  pause(): void {
    this.#paused = true
    for (const member of this.#members) member.pause()
  }

  resume(): void {
    this.#paused = false
    for (const member of this.#members) member.resume()
  }
}
