import type { NetworkReading } from '@zcast/shared'

/** This many pictures a second are enough to make a larger picture worthwhile; or all of them, when there are fewer. */
const ENOUGH = 15

/** A network that carries this share of what it should counts as fast enough. */
const CARRIED = 0.9

/** A network that carries this share of all pictures has room for a larger picture, of which fewer may come. */
const ROOM = 0.8

/** Too few pictures for this long are no accident. */
const SLOW_MS = 900

/**
 * The time for which all must have come before a larger rendition is tried: longer each time that this was too early.
 */
const FIRST_ROOM_MS = 10_000
const LONGEST_ROOM_MS = 160_000

/** If too few come this soon after a larger rendition was chosen, it was too early. */
const TOO_EARLY_MS = 30_000

/** Readings further apart than this, or than this many pictures, are not consecutive. */
const BREAK_MS = 5000
const BREAK_PICTURES = 3

/** JPEG pictures shrink less than their number of pixels. */
const BYTES_BY_HEIGHT = 1.6

/** True when so few pictures come that a smaller rendition is better. */
export function isTooFew(reading?: NetworkReading): boolean {
  return reading !== undefined && reading.carried < Math.min(ENOUGH, reading.wanted) * CARRIED
}

/** A reading of the network to a viewer, for the rendition that it is sent. */
export interface RenditionReading {
  /** A monotonic time in milliseconds. */
  readonly nowMs: number
  /** Pictures per second that are available. */
  readonly wanted: number
  /** Pictures per second that reach the viewer. */
  readonly carried: number
}

/**
 * Chooses the largest rendition of which 15 pictures a second arrive, or all when there are fewer: down after a second
 * of too few, to the size for which the network should have room, and up by one once nearly all have arrived for ten
 * seconds. When that proves too early, the next attempt waits twice as long, up to 160 s, so that it does not go up and
 * down all the time.
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

  /** The index of the chosen one: 0 for the stream itself. */
  get current(): number {
    return this.#current
  }

  /** True when there is no smaller one. */
  get isSmallest(): boolean {
    return this.#current >= this.#heights.length - 1
  }

  /** Sets the available ones by their heights, largest first: the stream itself, then its renditions. */
  offer(heights: readonly number[]): void {
    const before = this.#heights[this.#current]
    this.#heights = heights
    const same = heights.indexOf(before ?? Number.NaN)
    this.#move(same >= 0 ? same : Math.max(0, Math.min(this.#current, heights.length - 1)))
  }

  /** Returns to the stream itself, for example when nothing comes of the chosen rendition. */
  reset(): void {
    this.#move(0)
  }

  /** Takes a reading of the chosen one. @returns True when another one is chosen now. */
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
    // The next attempt is judged by its own way up.
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
