import type { NetworkReading } from '@zcast/shared'

/** As many pictures a second are enough to be worth a larger picture; or all of them, where there are fewer. */
const ENOUGH = 15

/** A network that carries so much of what it should carries it. */
const CARRIED = 0.9

/** One that carries so much of all there is has room for a larger picture, which may be fewer. */
const ROOM = 0.8

/** Too few for this long is no accident. */
const SLOW_MS = 900

/** How long all must have come before a larger one is tried: longer each time that this was too early. */
const FIRST_ROOM_MS = 10_000
const LONGEST_ROOM_MS = 160_000

/** Too few again so soon after a larger one was taken means that it was too early. */
const TOO_EARLY_MS = 30_000

/** Readings further apart than this, or than so many pictures, do not follow one another. */
const BREAK_MS = 5000
const BREAK_PICTURES = 3

/** JPEG pictures shrink less than their number of pixels does. */
const BYTES_BY_HEIGHT = 1.6

/** Whether so few come that a smaller rendition is worth more. */
export function isTooFew(reading?: NetworkReading): boolean {
  return reading !== undefined && reading.carried < Math.min(ENOUGH, reading.wanted) * CARRIED
}

/** What is known of the way to a viewer, of the rendition that it is sent. */
export interface RenditionReading {
  /** A monotonic time in milliseconds. */
  readonly nowMs: number
  /** Pictures a second that there are. */
  readonly wanted: number
  /** Pictures a second that come to be seen. */
  readonly carried: number
}

/**
 * Chooses the largest rendition of which 15 pictures a second come, or all where there are fewer: down after a second of too
 * few, to where the network should have room, and up by one once nearly all have come for ten seconds. Where that proves too early
 * the next time is twice as far off, up to 160 s, so that it does not go up and down all the time.
 */
export class RenditionChooser {
  #heights: readonly number[] = []
  #current = 0
  #slowSinceMs: number | undefined
  #shortSinceMs: number | undefined
  #wellSinceMs: number | undefined
  #roomMs = FIRST_ROOM_MS
  #wentUpAtMs = Number.NEGATIVE_INFINITY
  #readAtMs = Number.NEGATIVE_INFINITY

  /** Which one is chosen: 0 for the stream as it is. */
  get current(): number {
    return this.#current
  }

  /** Whether there is none smaller. */
  get isSmallest(): boolean {
    return this.#current >= this.#heights.length - 1
  }

  /** Says which there are, as their heights, the largest first: the stream as it is, then its renditions. */
  offer(heights: readonly number[]): void {
    const before = this.#heights[this.#current]
    this.#heights = heights
    const same = heights.indexOf(before ?? Number.NaN)
    this.#move(same >= 0 ? same : Math.max(0, Math.min(this.#current, heights.length - 1)))
  }

  /** Goes back to the stream as it is, as when nothing comes of the one chosen. */
  reset(): void {
    this.#move(0)
  }

  /** Takes a reading of the one chosen. @returns Whether another one is chosen now. */
  observe({ nowMs, wanted, carried }: RenditionReading): boolean {
    if (nowMs - this.#readAtMs > Math.max(BREAK_MS, (BREAK_PICTURES * 1000) / carried)) this.#forget()
    this.#readAtMs = nowMs
    this.#slowSinceMs = isTooFew({ wanted, carried }) ? (this.#slowSinceMs ?? nowMs) : undefined
    this.#watchRoom(carried >= wanted * ROOM, nowMs)
    if (this.#slowSinceMs !== undefined && nowMs - this.#slowSinceMs >= SLOW_MS) {
      return !this.isSmallest && this.#goDown(carried / Math.min(ENOUGH, wanted), nowMs)
    }
    const isRoom = this.#shortSinceMs === undefined && nowMs - (this.#wellSinceMs ?? nowMs) >= this.#roomMs
    if (!isRoom || this.#current === 0) return false
    this.#wentUpAtMs = nowMs
    this.#move(this.#current - 1)
    return true
  }

  #watchRoom(isWell: boolean, nowMs: number): void {
    if (isWell) {
      this.#shortSinceMs = undefined
      this.#wellSinceMs ??= nowMs
      return
    }
    this.#shortSinceMs ??= nowMs
    if (nowMs - this.#shortSinceMs >= SLOW_MS) this.#wellSinceMs = undefined
  }

  #goDown(share: number, nowMs: number): boolean {
    const wasEarly = nowMs - this.#wentUpAtMs < TOO_EARLY_MS
    this.#roomMs = wasEarly ? Math.min(LONGEST_ROOM_MS, this.#roomMs * 2) : FIRST_ROOM_MS
    // The next time is judged by its own way up.
    this.#wentUpAtMs = Number.NEGATIVE_INFINITY
    const height = this.#heights[this.#current] as number
    const fits = (other: number): boolean => (other / height) ** BYTES_BY_HEIGHT <= share
    const smaller = this.#heights.findIndex((other, index) => index > this.#current && fits(other))
    this.#move(smaller < 0 ? this.#heights.length - 1 : smaller)
    return true
  }

  #move(to: number): void {
    if (to === this.#current) return
    this.#current = to
    this.#forget()
  }

  #forget(): void {
    this.#slowSinceMs = undefined
    this.#shortSinceMs = undefined
    this.#wellSinceMs = undefined
  }
}
