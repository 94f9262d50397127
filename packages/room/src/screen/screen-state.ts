import { wallClock } from '@zcast/shared'
import type { Screen } from '../messages/room-messages.ts'
import type { Reel } from './reel.ts'
import { ScreenClock } from './screen-clock.ts'

/** What is shown, from a place on: another one after each film and each jump. */
export interface Showing {
  readonly reel: Reel
  /** Where it begins, in seconds. */
  readonly from: number
  /** Aborts when something else is shown. */
  readonly signal: AbortSignal
}

/** The two streams of the screen. */
export type ScreenStream = 'pictures' | 'sound'

/** A showing that failed this often in {@link FAILURES_WITHIN_MS} is given up. */
const MAX_FAILURES = 3
const FAILURES_WITHIN_MS = 30_000

/**
 * What is on air, and where it is: one state for everybody. It moves while it should play, its first picture and sound
 * are there (as far as anybody watches and listens), nothing is wrong, and anybody is there at all.
 */
export class ScreenState {
  readonly clock: ScreenClock
  readonly #listeners = new Set<() => void>()
  readonly #wanted = new Set<ScreenStream>()
  readonly #awaited = new Set<ScreenStream>()
  readonly #failedAtMs: number[] = []
  #showing: Showing | undefined
  #over = new AbortController()
  #isPlaying = false
  #isEmpty = false
  #hasEnded = false
  #by: string | undefined
  #problem: string | undefined
  #isGivenUp = false
  #ending: NodeJS.Timeout | undefined
  /** Called when a film has come to its end. */
  onEnd: () => void = () => undefined
  /** Called when somebody begins to want a stream, or nobody does any more. */
  onWanted: () => void = () => undefined

  constructor(clock = new ScreenClock()) {
    this.clock = clock
  }

  /** What is to be shown now; `undefined` while nothing is on air, or it cannot be shown. */
  get showing(): Showing | undefined {
    return this.#isGivenUp ? undefined : this.#showing
  }

  /** What is on air, also when it cannot be shown. */
  get reel(): Reel | undefined {
    return this.#showing?.reel
  }

  /** Whether it should play. */
  get isPlaying(): boolean {
    return this.#isPlaying
  }

  /** What everybody is told. */
  get view(): Screen {
    const { reel } = this
    return {
      film: reel?.id,
      name: reel?.name,
      isLive: reel?.kind === 'live',
      isPlaying: this.#isPlaying,
      isWaiting: this.#isPlaying && !this.clock.isRunning && this.#problem === undefined,
      position: this.#position,
      time: wallClock(),
      seconds: reel?.seconds,
      by: this.#by,
      problem: this.#problem,
    }
  }

  /** Puts something on air, from its begin, or takes it off. */
  air(reel: Reel | undefined, by: string | undefined): void {
    this.#isPlaying = reel !== undefined
    this.#failedAtMs.length = 0
    this.#begin(reel, 0, by)
  }

  /** Lets it play; what has ended begins again. */
  play(by: string | undefined): void {
    this.#isPlaying = true
    if (this.#isGivenUp || this.#hasEnded) {
      this.#failedAtMs.length = 0
      return this.#begin(this.reel, this.#hasEnded ? 0 : this.clock.position, by)
    }
    this.#changed(by)
  }

  /** Lets it stand still, on the picture that everybody sees. */
  pause(by: string | undefined): void {
    this.#isPlaying = false
    this.#changed(by)
  }

  /** Goes to a place. @param to - Seconds; beyond the end is the end. */
  seek(to: number, by: string | undefined): void {
    const { reel } = this
    if (!reel) return
    this.#begin(reel, Math.min(Math.max(0, to), reel.seconds ?? Infinity), by)
  }

  /** Says whether anybody wants a stream: what nobody wants is not waited for. */
  setWanted(stream: ScreenStream, isWanted: boolean): void {
    if (this.#wanted.has(stream) === isWanted) return
    if (isWanted) this.#wanted.add(stream)
    else this.#wanted.delete(stream)
    if (!isWanted && this.#awaited.delete(stream)) this.#changed(this.#by)
    this.onWanted()
  }

  /** Whether anybody wants a stream. */
  isWanted(stream: ScreenStream): boolean {
    return this.#wanted.has(stream)
  }

  /** Says that nobody is there, so that nothing goes on; or that somebody is there again. */
  setEmpty(isEmpty: boolean): void {
    if (this.#isEmpty === isEmpty) return
    this.#isEmpty = isEmpty
    this.#changed(this.#by)
  }

  /** Says that the begin of a showing is there, so that it may move. */
  arrived(stream: ScreenStream, showing: Showing): void {
    if (showing !== this.#showing || !this.#awaited.delete(stream)) return
    this.#changed(this.#by)
  }

  /** Says that the pictures are so late that everything has to wait for them. */
  fallBack(to: number): void {
    this.clock.fallBack(to)
    this.#changed(this.#by)
  }

  /**
   * Says that a showing cannot go on. It is tried again twice from where it is.
   *
   * @param sentence - What everybody is told when that does not help.
   * @returns Whether it was given up.
   */
  failed(showing: Showing, sentence: string): boolean {
    if (showing !== this.#showing) return false
    const nowMs = performance.now()
    this.#failedAtMs.push(nowMs)
    while (nowMs - (this.#failedAtMs[0] as number) > FAILURES_WITHIN_MS) this.#failedAtMs.shift()
    const isGivenUp = this.#failedAtMs.length >= MAX_FAILURES
    if (isGivenUp) this.giveUp(showing, sentence)
    return isGivenUp
  }

  /** Says that a showing cannot be shown at all. */
  giveUp(showing: Showing, sentence: string): void {
    if (showing !== this.#showing) return
    this.#problem = sentence
    this.#isGivenUp = true
    this.#over.abort()
    this.#changed(this.#by)
  }

  /** Says what is wrong with a showing that goes on, or that nothing is any more. */
  setProblem(showing: Showing, sentence: string | undefined): void {
    if (showing !== this.#showing || this.#isGivenUp || this.#problem === sentence) return
    this.#problem = sentence
    this.#changed(this.#by)
  }

  /** Says that a showing has come to its end. */
  ended(showing: Showing): void {
    if (showing !== this.#showing || this.#hasEnded) return
    this.#hasEnded = true
    this.#isPlaying = false
    this.onEnd()
    // Unless something else is on air by now.
    if (showing === this.#showing) this.#changed(undefined)
  }

  /** Calls `listener` after each change that everybody is to know. @returns A function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Waits for the next change, or the signal. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.onChange(done)
      signal.addEventListener('abort', done)
    })
  }

  /** Stops the timer. */
  close(): void {
    clearTimeout(this.#ending)
    this.#over.abort()
    this.#showing = undefined
    this.#listeners.clear()
  }

  get #position(): number {
    if (this.reel?.kind !== 'film') return 0
    const { seconds = Infinity } = this.reel
    return this.#hasEnded && seconds < Infinity ? seconds : Math.min(this.clock.position, seconds)
  }

  #begin(reel: Reel | undefined, from: number, by: string | undefined): void {
    const before = this.#over
    this.#over = new AbortController()
    this.#showing = reel && { reel, from, signal: this.#over.signal }
    this.#problem = undefined
    this.#isGivenUp = this.#hasEnded = false
    this.clock.jump(from)
    this.#awaited.clear()
    if (reel) for (const stream of this.#wanted) this.#awaited.add(stream)
    if (reel?.kind !== 'film' || !reel.hasSound) this.#awaited.delete('sound')
    before.abort()
    this.#changed(by)
  }

  #changed(by: string | undefined): void {
    this.#by = by
    this.#settle()
    for (const listener of this.#listeners) listener()
  }

  /** Lets the clock move when everything allows it to. */
  #settle(): void {
    clearTimeout(this.#ending)
    const { showing } = this
    const mayMove = this.#isPlaying && !this.#isEmpty && this.#awaited.size === 0
    if (!showing || !mayMove) return this.clock.stop()
    this.clock.run()
    const { seconds } = showing.reel
    if (seconds === undefined) return
    const left = Math.max(0, seconds - this.clock.position)
    this.#ending = setTimeout(() => this.ended(showing), Math.min(left * 1000, MAX_TIMEOUT_MS)).unref()
  }
}

/** setTimeout holds no more; a film is shorter. */
const MAX_TIMEOUT_MS = 2_147_483_647
