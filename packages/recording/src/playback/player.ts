import { KINDS, OptionError } from '@zcast/shared'
import { isKind, type TickerClock } from '@zcast/shared/internal'
import type { History, HistoryRange, RecordedBlock } from '@zcast/subscribers'
import { PlaybackClock } from './playback-clock.ts'
import { PlayedSoFar } from './played-so-far.ts'

/** Options of {@link Player}. */
export interface PlayerOptions {
  /** How many times faster than it was recorded, above 0; `Infinity` is as fast as possible. Default 1. */
  readonly speed?: number | undefined
  /** Seconds since the Unix epoch, included. Default: from the beginning. */
  readonly from?: number | undefined
  /** Seconds since the Unix epoch, included. Default: to the end. */
  readonly to?: number | undefined
  /** Whole names. Default: all topics. */
  readonly topics?: readonly string[] | undefined
  /** Begins again at the end. Default false. */
  readonly loop?: boolean | undefined
  /**
   * Leaves out what was recorded before `from`, which is otherwise shown first: the newest picture and numbers of that
   * moment. Default false.
   */
  readonly isExact?: boolean | undefined
  /**
   * Hands over rows of numbers that came one after the other, within 0.01 s, as one block while nothing waits, which takes
   * a quarter of the time. Default false: what came at different moments is handed over one by one.
   */
  readonly joinsRows?: boolean | undefined
  /** Waits at the beginning for {@link Player.step} or {@link Player.resume}. Default false. */
  readonly isPaused?: boolean | undefined
  /** Default: the system's clocks. */
  readonly clock?: TickerClock
}

/** A value that is due. */
export interface PlayedBlock extends RecordedBlock {
  /** Seconds since the Unix epoch at which it is due now. */
  readonly dueAt: number
  /** How many times faster than it was recorded it is played; 1 where that does not say how far apart values are. */
  readonly speed: number
}

/** Takes a value; the next one waits for what it returns. */
export type TakePlayed = (played: PlayedBlock) => Promise<void> | void

/** The reader is entered that much earlier: it takes whole microseconds, and other programs record nanoseconds. */
const READ_EARLIER_S = 2e-6
/** Timers count in whole milliseconds: the nearest one. */
const EARLY_MS = 0.5
/** Of a loop, what follows on its last value comes this much later: as long as sound lasts. */
const LAST_S = 0.02
/** A loop of a single value must not spin. */
const LEAST_PASS_S = 0.1
const LONGEST_SLEEP_MS = 2_147_483_647
/** While nothing waits, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/**
 * Plays a history at its own pace, or another one: pause, step, seek, loop. What nobody wants is not read.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Player, Recorder, Recording } from '@zcast/recording'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'recording-')), 'flight.mcap')
 * const recorder = new Recorder({ path })
 * await recorder.open()
 * await recorder.close()
 * const recording = await Recording.open(path)
 * const player = new Player(recording, { speed: 2 })
 * await player.run(({ dueAt, envelope }) => console.log(dueAt, envelope.topic))
 * await recording.close()
 * ```
 */
export class Player {
  readonly #history: History
  readonly #topics: readonly string[]
  readonly #clock: PlaybackClock
  readonly #loop: boolean
  readonly #isExact: boolean
  readonly #joinsRows: boolean
  /** True where everything is played anyway, but for what a file has of the time before it. */
  #isBeginning = false
  readonly from: number
  readonly to: number
  #wanted: ReadonlySet<string>
  /** Aborted when something was asked for, so that what waits looks again. */
  #change = new AbortController()
  /** True when reading must begin anew: elsewhere, or with other topics. */
  #isMoved = false
  #steps = 0
  #passes = 1
  #lastTurnMs = 0
  readonly #played: PlayedSoFar
  /** True while rows that came one after the other are read as one block. */
  #isJoined = false
  /** Up to where everything that is wanted has been played. */
  #resumeAt: number
  /** Topics of which the newest value is to be shown first. */
  readonly #toShow = new Set<string>()
  #isPlaying = false

  /** @throws {@link OptionError} `ERR_OPTION` when the speed is not above 0. */
  constructor(history: History, options: PlayerOptions = {}) {
    const { speed = 1, from = history.from ?? 0, to = history.to ?? from } = options
    this.#history = history
    this.#topics = options.topics ?? history.topics().map(({ topic }) => topic)
    this.#wanted = new Set(this.#topics)
    this.#loop = options.loop ?? false
    this.#isExact = options.isExact ?? false
    this.#joinsRows = options.joinsRows ?? false
    this.from = from
    this.to = to
    this.#played = new PlayedSoFar(from)
    this.#resumeAt = from
    this.#clock = new PlaybackClock(from, checkSpeed(speed), options.clock)
    if (!options.isPaused) this.#clock.start()
  }

  /** Where it is: seconds since the Unix epoch at which what is played now was recorded. */
  get position(): number {
    const { place } = this.#played
    return this.#isPlaying ? Math.min(Math.max(this.#clock.position, place), this.to) : place
  }

  /** How many times faster than it was recorded. */
  get speed(): number {
    return this.#clock.speed
  }

  get isPaused(): boolean {
    return !this.#clock.isRunning
  }

  /** How often it has begun. */
  get passes(): number {
    return this.#passes
  }

  pause(): void {
    this.#clock.stop()
    this.#clock.moveTo(this.position)
    this.#tell(this.#isJoined)
  }

  resume(): void {
    this.#steps = 0
    this.#clock.start()
    this.#tell(this.#mayJoin)
  }

  /** Plays up to the next picture, or to the next value where no pictures are wanted, and pauses there. */
  step(): void {
    if (!this.isPaused) this.pause()
    this.#steps += 1
    this.#tell(this.#wanted.size === 0)
  }

  /** @throws {@link OptionError} `ERR_OPTION` when it is not above 0. */
  setSpeed(speed: number): void {
    this.#clock.setSpeed(checkSpeed(speed))
    this.#tell(this.#isJoined !== this.#mayJoin)
  }

  /**
   * Goes to a moment, at the most to the beginning or the end. The newest picture and numbers of that moment come first.
   *
   * @param position - Seconds since the Unix epoch.
   */
  seek(position: number): void {
    const place = Math.min(Math.max(position, this.from), this.to)
    this.#clock.moveTo(place)
    this.#forget(place)
    this.#showEarlier()
    this.#steps = 0
    if (this.isPaused) this.#showMoment()
    this.#tell(true)
  }

  /** Says which topics are wanted from now on. A topic that is wanted anew begins with its newest value. */
  want(topics: Iterable<string>): void {
    const wanted = new Set([...topics].filter((topic) => this.#topics.includes(topic)))
    const before = this.#wanted
    if (wanted.size === before.size && [...wanted].every((topic) => before.has(topic))) return
    this.#wanted = wanted
    for (const topic of before) if (!wanted.has(topic)) this.#played.forget(topic)
    if (this.#isPlaying && this.position > this.from)
      for (const topic of wanted) {
        if (before.has(topic)) continue
        this.#played.wantAfter(topic, this.position)
        if (isStill(topic)) this.#toShow.add(topic)
      }
    this.#tell(true)
  }

  /**
   * Plays, until the end or until the signal aborts. To be called once.
   *
   * @param take - Called with each value when it is due; where it returns a promise, the next one waits for that.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the history cannot be read any further.
   */
  async run(take: TakePlayed, signal: AbortSignal = new AbortController().signal): Promise<void> {
    this.#isPlaying = true
    this.#clock.moveTo(this.#played.place)
    this.#showEarlier()
    const end = (): void => this.#tell()
    signal.addEventListener('abort', end)
    try {
      while (!signal.aborted) {
        this.#isMoved = false
        await this.#show(take)
        await this.#read(take, signal)
        if (this.#isMoved || signal.aborted || !(await this.#untilOver(signal))) continue
        if (!this.#loop) return this.#forget(this.to)
        this.#passes += 1
        this.#clock.jump(this.#end, this.from)
        this.#forget(this.from)
        this.#showEarlier()
      }
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  /** The values of the moment. */
  async #show(take: TakePlayed): Promise<void> {
    const topics = [...this.#toShow]
    const isBeginning = this.#isBeginning
    this.#isBeginning = false
    this.#toShow.clear()
    for (const topic of topics) {
      const at = this.#played.sinceOf(topic) ?? this.#played.place
      const latest = await this.#history.latest(topic, at)
      if (this.#isMoved) return
      if (isBeginning && !latest?.isRetained) continue
      this.#played.wantAfter(topic, Math.max(at, latest?.recordedAt ?? at))
      const isEarlier = latest && (latest.isRetained || latest.recordedAt < this.from)
      const isMeant = latest && (!isEarlier || !this.#isExact)
      if (isMeant && this.#wanted.has(topic))
        // Not the time that it is by now: what follows would be earlier.
        await take({ ...latest, dueAt: this.#clock.wallTimeOf(at), speed: 1 })
    }
  }

  /** What is wanted, from where it is to the end. */
  async #read(take: TakePlayed, signal: AbortSignal): Promise<void> {
    if (this.#isMoved) return
    const topics = this.#wanted.size > 0 || this.#steps === 0 ? [...this.#wanted] : this.#topics
    if (topics.length === 0) return
    const from = Math.min(this.#resumeAt, this.position, this.#played.begin) - READ_EARLIER_S
    // What came at different moments is due at different moments; and what may have been played in part is read row by
    // row.
    const exactTo = this.#mayJoin ? Math.min(this.#played.end, this.to) : this.to
    if (!(await this.#readRange({ topics, from, to: exactTo, joinSeconds: 0 }, take, signal))) return
    if (exactTo < this.to) {
      this.#isJoined = true
      const isOver = await this.#readRange({ topics, from: justAfter(exactTo), to: this.to }, take, signal)
      this.#isJoined = false
      if (!isOver) return
    }
    this.#resumeAt = Infinity
  }

  /** @returns False when something else is to be done first. */
  async #readRange(range: HistoryRange, take: TakePlayed, signal: AbortSignal): Promise<boolean> {
    const skip = this.#played.skipper()
    for await (const read of this.#history.blocks(range)) {
      const block = skip(read)
      if (!block) continue
      this.#resumeAt = block.recordedAt
      if (!this.#isDue(signal) && !(await this.#untilDue(block, signal))) return false
      const taking = this.#pass(block, take)
      if (taking) await taking
      if (this.#isMoved || signal.aborted) return false
    }
    return true
  }

  /** Comes to a value, and hands it over where it is wanted. */
  #pass(block: RecordedBlock, take: TakePlayed): Promise<void> | void {
    const { recordedAt, envelope } = block
    const { topic } = envelope
    this.#played.add(block)
    if (!this.#clock.isRunning || this.speed === Infinity) this.#clock.moveTo(this.#played.place)
    if (this.#steps > 0 && this.#isStep(topic)) this.#steps -= 1
    if (!this.#wanted.has(topic)) return undefined
    const isPaced = this.#clock.isRunning && this.speed !== Infinity
    const dueAt = this.#clock.wallTimeOf(recordedAt)
    return take({ recordedAt, envelope, dueAt, speed: isPaced ? this.speed : 1 })
  }

  /** True where nothing need be waited for, nor looked after. */
  #isDue(signal: AbortSignal): boolean {
    const isPlain = this.#isFast && !this.#isMoved && !signal.aborted
    return isPlain && performance.now() - this.#lastTurnMs <= LONGEST_RUN_MS
  }

  get #mayJoin(): boolean {
    return this.#joinsRows && this.#isFast
  }

  /** True when it does not wait between values. */
  get #isFast(): boolean {
    return this.speed === Infinity && this.#clock.isRunning
  }

  /** @returns False when something else is to be done first. */
  async #untilDue({ recordedAt }: RecordedBlock, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.#isMoved || signal.aborted) return false
      if (this.#steps > 0) return true
      const leftMs = this.#clock.isRunning ? this.#clock.leftMs(recordedAt) : Infinity
      if (leftMs <= EARLY_MS) break
      await this.#sleep(leftMs - EARLY_MS)
    }
    const nowMs = performance.now()
    if (nowMs - this.#lastTurnMs > LONGEST_RUN_MS) {
      await new Promise(setImmediate)
      this.#lastTurnMs = performance.now()
    }
    return !this.#isMoved && !signal.aborted
  }

  /** Waits for the end. @returns False when something else is to be done first. */
  async #untilOver(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.#isMoved || signal.aborted) return false
      if (this.#steps > 0) return true
      // A loop that nobody watches must not spin.
      const isIdle = this.#loop && this.#wanted.size === 0 && this.speed === Infinity
      const leftMs = this.#clock.isRunning && !isIdle ? this.#clock.leftMs(this.#end) : Infinity
      if (leftMs === 0) break
      await this.#sleep(leftMs)
    }
    await new Promise(setImmediate)
    return !this.#isMoved
  }

  /** Waits, at the most until something is asked for. */
  async #sleep(milliseconds: number): Promise<void> {
    const { signal } = this.#change
    if (!signal.aborted) await this.#clock.sleep(Math.min(Math.ceil(milliseconds), LONGEST_SLEEP_MS), signal)
    this.#lastTurnMs = performance.now()
    if (signal.aborted) this.#change = new AbortController()
  }

  #tell(isMoved = false): void {
    this.#isMoved ||= isMoved
    this.#change.abort()
  }

  /** What is wanted, and has been before, is shown first: what was sent only once would be missing. */
  #showEarlier(): void {
    if (this.#isExact) return
    const { place } = this.#played
    this.#showMoment()
    this.#isBeginning = place <= (this.#history.from ?? place)
  }

  #showMoment(): void {
    this.#isBeginning = false
    for (const topic of this.#wanted) if (isStill(topic)) this.#toShow.add(topic)
  }

  /** When a pass is over. */
  get #end(): number {
    return this.#loop ? Math.max(this.to + LAST_S, this.from + LEAST_PASS_S) : this.to
  }

  #forget(position: number): void {
    this.#played.moveTo(position)
    this.#resumeAt = position
    this.#toShow.clear()
  }

  #isStep(topic: string): boolean {
    const among = this.#wanted.size > 0 ? [...this.#wanted] : this.#topics
    return isPicture(topic) || !among.some(isPicture)
  }
}

/** The next larger number: what is read from there does not begin with what came at that moment. */
function justAfter(moment: number): number {
  return moment + 2 ** (Math.floor(Math.log2(moment)) - 52)
}

function isPicture(topic: string): boolean {
  return /^video[@/]/.test(topic)
}

/** True for what a moment has: pictures and numbers, but not what is said or heard. */
function isStill(topic: string): boolean {
  const kind = /^[a-z]+/.exec(topic)?.[0]
  return isKind(kind) && (KINDS[kind].isNewestFirst || KINDS[kind].isBatched)
}

function checkSpeed(speed: number): number {
  if (speed > 0) return speed
  throw new OptionError(`speed must be above 0, got ${speed}`)
}
