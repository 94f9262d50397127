/** A larger window would only cost memory: eight pictures in flight are 30 a second at a round trip of 0.27 s. */
const MOST = 8

/** The share of a picture that may wait in a queue on the way; with more, one picture too many is in flight. */
const MOST_QUEUED = 0.6

/** A shorter queue is ignored: round trips vary as much on a busy machine. */
const LEAST_QUEUE_MS = 40

/** A round trip with this share outside queues has met no queue. */
const OVER_SHARE = 0.8

/**
 * No path is this long: when even the shortest round trip takes longer, the picture itself takes the time, and two take
 * twice as long.
 */
const LONGEST_WAY_MS = 1000

/** The shortest round trip is that of the last 5 to 10 s, or of this many of itself: trying one more takes a few. */
const FORGET_AFTER_MS = 5000
const FORGET_AFTER_TRIPS = 10

/** The time without another attempt after one more picture was one too many: longer each time in a row. */
const FIRST_PAUSE_MS = 2000
const LONGEST_PAUSE_MS = 16_000

/**
 * The number of pictures that may be in flight to one subscriber, or one reader of a page: as many as the network has
 * room for without one waiting for another. That is one on a short path, however slow, and more on a long one: four at
 * 4 MB/s, 0.1 s and 150 kB.
 *
 * One more is tried while fewer are in flight than could be sent. If the additional picture waited in a queue, all
 * round trips grow by that time; a few longer ones mean nothing.
 */
export class CreditWindow {
  #size = 1
  #least = { nowMs: Number.POSITIVE_INFINITY, beforeMs: Number.POSITIVE_INFINITY, sinceMs: 0 }
  /** Pictures acknowledged since the size was changed: those sent before say nothing about it. */
  #acknowledged = 0
  /** The shortest round trip of those pictures. */
  #ownLeastMs = Number.POSITIVE_INFINITY
  #lastMs = Number.POSITIVE_INFINITY
  #pauseMs = FIRST_PAUSE_MS
  #notBeforeMs = 0
  #isTrying = false
  /** The size before a slump, and the number of acknowledgements left in which it may turn out to be over. */
  #former: { readonly size: number; left: number } | undefined
  #restoredAtMs = Number.NEGATIVE_INFINITY

  /** The window's size, in pictures. */
  get size(): number {
    return this.#size
  }

  /**
   * Counts an acknowledged picture.
   *
   * @param roundTripMs - The time since it was sent.
   * @param isShort - True when another one had to wait meanwhile.
   * @param nowMs - A monotonic time.
   * @param intervalMs - The time between two available pictures. No more are in flight than come in one round trip,
   *   plus one: others would only be in the way when the network slows down.
   */
  acknowledged(roundTripMs: number, isShort: boolean, nowMs: number, intervalMs = 0): void {
    const leastMs = this.#learn(roundTripMs, nowMs)
    this.#acknowledged += 1
    if (this.#isOver(shareOf(leastMs, roundTripMs))) return this.#restore(nowMs)
    // The better of two in a row, so that a single delayed picture has no effect.
    const share = shareOf(leastMs, Math.min(roundTripMs, this.#lastMs))
    this.#lastMs = roundTripMs
    if (share < 0.5 && this.#size > 1) return this.#slump(share, nowMs)
    if (this.#acknowledged <= this.#size) return
    this.#ownLeastMs = Math.min(this.#ownLeastMs, roundTripMs)
    if (this.#acknowledged < 2 * this.#size) return
    const queued = this.#size * (1 - shareOf(leastMs, this.#ownLeastMs))
    this.#change(this.#size)
    if (queued > MOST_QUEUED) {
      if (this.#size > 1) this.#shrink(this.#size - 1, nowMs)
      return
    }
    if (this.#isTrying) this.#pauseMs = FIRST_PAUSE_MS
    this.#isTrying = false
    if (
      isShort &&
      leastMs < LONGEST_WAY_MS &&
      this.#size < Math.min(MOST, Math.ceil(leastMs / intervalMs) + 1) &&
      nowMs >= this.#notBeforeMs
    ) {
      this.#isTrying = true
      this.#change(this.#size + 1)
    }
  }

  /** Handles pictures in flight that delayed each other, as after a loss, or because the network has become slower. */
  #slump(share: number, nowMs: number): void {
    const size = Math.max(1, Math.floor(this.#size * share))
    // One more than one can double the round trips; more than two cannot, so the attempt was not at fault.
    if (this.#size === 2 && this.#isTrying) return this.#shrink(size, nowMs)
    if (nowMs - this.#restoredAtMs > FIRST_PAUSE_MS) this.#former = { size: this.#size, left: this.#size + 2 }
    this.#isTrying = false
    this.#pauseMs = FIRST_PAUSE_MS
    this.#notBeforeMs = nowMs
    this.#change(size)
  }

  /** True when a slump was temporary: pictures sent after it take no longer than before. */
  #isOver(share: number): boolean {
    if (!this.#former) return false
    if (share > OVER_SHARE) return true
    this.#former.left -= 1
    if (this.#former.left === 0) this.#former = undefined
    return false
  }

  #restore(nowMs: number): void {
    this.#restoredAtMs = nowMs
    this.#change(this.#former?.size ?? this.#size)
    this.#former = undefined
    this.#lastMs = Number.POSITIVE_INFINITY
  }

  #shrink(size: number, nowMs: number): void {
    this.#notBeforeMs = nowMs + this.#pauseMs
    if (this.#isTrying) this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
    this.#isTrying = false
    this.#change(size)
  }

  #change(size: number): void {
    this.#size = size
    this.#acknowledged = 0
    this.#ownLeastMs = Number.POSITIVE_INFINITY
  }

  #learn(roundTripMs: number, nowMs: number): number {
    const least = this.#least
    const tripMs = Math.min(least.nowMs, least.beforeMs)
    const isKnown = Number.isFinite(tripMs)
    if (!isKnown || nowMs - least.sinceMs > Math.max(FORGET_AFTER_MS, FORGET_AFTER_TRIPS * tripMs)) {
      this.#least = { nowMs: roundTripMs, beforeMs: least.nowMs, sinceMs: nowMs }
    } else least.nowMs = Math.min(least.nowMs, roundTripMs)
    return Math.min(this.#least.nowMs, this.#least.beforeMs)
  }
}

/** The share of a round trip that was not spent in a queue. */
function shareOf(leastMs: number, roundTripMs: number): number {
  return roundTripMs - leastMs < LEAST_QUEUE_MS ? 1 : leastMs / roundTripMs
}
