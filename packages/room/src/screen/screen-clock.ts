import { wallClock } from '@zcast/shared'

/** A time during which the place stands still, or moves on as time does. */
interface Stretch {
  /** Another number after each jump. */
  readonly pass: number
  /** The place at `from`, in seconds. */
  readonly at: number
  /** Seconds, by a monotonic clock. */
  readonly from: number
  readonly isRunning: boolean
}

/** Where the screen is at some time; what a film's sound follows. */
export interface ScreenMoment {
  readonly pass: number
  /** The place, in seconds. */
  readonly at: number
  /** Seconds for which it goes on without a change, as far as is known. */
  readonly seconds: number
}

/** Sound asks for times that are a moment ago. */
const MAX_STRETCHES = 16

/**
 * The one clock of what is on air: pictures and sound are sent when it has come to them, so that they are in step however
 * often it stands still or jumps. It follows a monotonic clock: nothing moves when the system's clock is set.
 */
export class ScreenClock {
  readonly #now: () => number
  readonly #wallNow: () => number
  readonly #listeners = new Set<() => void>()
  #stretches: Stretch[]

  /**
   * @param now - Seconds by a monotonic clock. Default: the system's.
   * @param wallNow - Seconds since the Unix epoch. Default: the system's.
   */
  constructor(now = (): number => performance.now() / 1000, wallNow = wallClock) {
    this.#now = now
    this.#wallNow = wallNow
    this.#stretches = [{ pass: 0, at: 0, from: now(), isRunning: false }]
  }

  /** Whether it moves. */
  get isRunning(): boolean {
    return this.#last.isRunning
  }

  /** Another number after each {@link jump}. */
  get pass(): number {
    return this.#last.pass
  }

  /** The place now, in seconds. */
  get position(): number {
    return placeOf(this.#last, this.#now())
  }

  /** Begins to move. */
  run(): void {
    if (!this.isRunning) this.#turn({ isRunning: true })
  }

  /** Stands still, at the place now. */
  stop(): void {
    if (this.isRunning) this.#turn({ isRunning: false })
  }

  /** Goes to a place, and stands still there. */
  jump(to: number): void {
    this.#turn({ pass: this.pass + 1, at: to, isRunning: false })
  }

  /** Goes back to a place, from where it goes on: what should be there by now is late. */
  fallBack(to: number): void {
    this.#turn({ at: to })
  }

  /** Seconds until a place is reached; below 0 when it is behind; `undefined` while it stands still before it. */
  secondsUntil(place: number): number | undefined {
    const left = place - this.position
    return this.isRunning || left <= 0 ? left : undefined
  }

  /** When a place is due, in seconds since the Unix epoch. Only while it moves, or for what is behind. */
  timeOf(place: number): number {
    return this.#wallNow() + place - this.position
  }

  /** Where it is at a time, in seconds since the Unix epoch: now, or a moment ago. */
  momentAt(time: number): ScreenMoment {
    const now = this.#now() - this.#wallNow() + time
    const index = Math.max(
      0,
      this.#stretches.findLastIndex(({ from }) => from <= now),
    )
    const stretch = this.#stretches[index] as Stretch
    const next = this.#stretches[index + 1]
    return { pass: stretch.pass, at: placeOf(stretch, now), seconds: (next?.from ?? Infinity) - now }
  }

  /** Calls `listener` after each change. @returns A function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #turn(change: Partial<Stretch>): void {
    const { pass, isRunning } = this.#last
    const from = this.#now()
    this.#stretches.push({ pass, isRunning, at: this.position, from, ...change })
    if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift()
    for (const listener of this.#listeners) listener()
  }

  get #last(): Stretch {
    return this.#stretches.at(-1) as Stretch
  }
}

function placeOf({ at, from, isRunning }: Stretch, now: number): number {
  return isRunning ? Math.max(at, at + now - from) : at
}
