/** The wait before the stream of a silent topic is made again: after the first time, and the longest. */
const WAIT_MS = { first: 10_000, most: 300_000 }

interface Silence {
  waitMs: number
  notBeforeMs: number
  isMade: boolean
}

/** The events of {@link SilentTopics}. */
export interface SilentTopicsListener {
  /** Makes the stream of a topic again. Rejects when it cannot. */
  readonly makeAgain: (topic: string) => Promise<void>
  /** Called once when there is still no answer although the stream is there. */
  readonly onGoesOn: () => void
}

/**
 * Topics of which a server does not say whether it keeps them. Their streams are made again, one after the other and
 * ever more seldom: a server that is silent because it has too much to do must not get more.
 */
export class SilentTopics {
  readonly #listener: SilentTopicsListener
  readonly #silences = new Map<string, Silence>()
  readonly #waiting = new Set<string>()
  #isMaking = false
  #isTold = false

  constructor(listener: SilentTopicsListener) {
    this.#listener = listener
  }

  /** Begins anew on another connection. */
  begin(): void {
    this.#silences.clear()
    this.#waiting.clear()
    this.#isTold = false
  }

  /** Notes an answer. */
  answered(topic: string): void {
    this.#silences.delete(topic)
    this.#waiting.delete(topic)
  }

  /** Notes that no answer has come. */
  silent(topic: string, nowMs: number): void {
    const silence = this.#silences.get(topic) ?? { waitMs: WAIT_MS.first, notBeforeMs: 0, isMade: false }
    if (silence.isMade && !this.#isTold) {
      this.#isTold = true
      this.#listener.onGoesOn()
    }
    if (nowMs < silence.notBeforeMs) return
    silence.notBeforeMs = nowMs + silence.waitMs
    silence.waitMs = Math.min(silence.waitMs * 2, WAIT_MS.most)
    this.#silences.set(topic, silence)
    this.#waiting.add(topic)
    void this.#make()
  }

  async #make(): Promise<void> {
    if (this.#isMaking) return
    this.#isMaking = true
    for (const topic of this.#waiting) {
      this.#waiting.delete(topic)
      const silence = this.#silences.get(topic)
      const isMade = await this.#listener.makeAgain(topic).then(
        () => true,
        () => false,
      )
      if (silence) silence.isMade = isMade
    }
    this.#isMaking = false
  }
}
