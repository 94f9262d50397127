import type { PausableSubscription } from '@zcast/subscribers'
import type { JoinReaders } from '../pictures/readers.ts'
import type { LiveSounds } from './live-sounds.ts'

/** The time in which streams that are not known yet are heard. */
const SEARCH_MS = 3000

/**
 * Keeps a subscription to sound paused, unless a page listens; or a page is open and it is not known yet which streams
 * there are, which only their sound tells. So sound is neither decoded nor sent while nobody hears it.
 */
export class SoundDemand implements JoinReaders {
  readonly #subscription: PausableSubscription
  readonly #sounds: LiveSounds
  readonly #lingerMs: number
  #listeners = 0
  #lookers = 0
  #isSearching = false
  #wasWanted = false
  #leaving: NodeJS.Timeout | undefined
  #searching: NodeJS.Timeout | undefined
  #isClosed = false

  /** @param lingerMs - The time for which it goes on after the last listener, or page, has gone. */
  constructor(subscription: PausableSubscription, sounds: LiveSounds, lingerMs: number) {
    this.#subscription = subscription
    this.#sounds = sounds
    this.#lingerMs = lingerMs
    sounds.onNew(() => this.#settle())
    subscription.pause()
  }

  /** Adds a page that listens. @returns A function that removes it, to be called once. */
  join(): () => void {
    this.#listeners += 1
    this.#settle()
    return () => {
      this.#listeners -= 1
      this.#settle()
    }
  }

  /** Adds a page that is open. @returns A function that removes it, to be called once. */
  look(): () => void {
    this.#lookers += 1
    this.#settle()
    return () => {
      this.#lookers -= 1
      this.#settle()
    }
  }

  /** Finds streams that are not known yet, for a page that was just opened. */
  search(): void {
    clearTimeout(this.#searching)
    this.#isSearching = true
    this.#searching = setTimeout(() => {
      this.#isSearching = false
      this.#settle()
    }, SEARCH_MS).unref()
    this.#settle()
  }

  /** Stops the timers. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#leaving)
    clearTimeout(this.#searching)
  }

  get #isWanted(): boolean {
    return this.#listeners > 0 || this.#isSearching || (this.#lookers > 0 && this.#isUnknown)
  }

  get #isUnknown(): boolean {
    return this.#sounds.topics.length === 0
  }

  #settle(): void {
    const isWanted = this.#isWanted
    if (this.#isClosed || isWanted === this.#wasWanted) return
    this.#wasWanted = isWanted
    clearTimeout(this.#leaving)
    if (isWanted) this.#subscription.resume()
    else {
      // A page may look for an instant each second, in which nothing would come.
      const lingerMs = this.#isUnknown ? Math.max(this.#lingerMs, SEARCH_MS) : this.#lingerMs
      this.#leaving = setTimeout(() => this.#subscription.pause(), lingerMs).unref()
    }
  }
}
