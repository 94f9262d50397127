import type { History, HistoryRange, RecordedBlock } from '@zcast/subscribers'
import { checkSpeed } from './check-speed.ts'
import { endOfPass } from './end-of-pass.ts'
import { justAfter } from './just-after.ts'
import { PlaybackClock } from './playback-clock.ts'
import { PlaybackWait } from './playback-wait.ts'
import { PlayedSoFar } from './played-so-far.ts'
import type { PlayerOptions, TakePlayed } from './player-options.ts'
import { ValuesOfMoment } from './values-of-moment.ts'
import { WantedTopics } from './wanted-topics.ts'

/** The reader is entered that much earlier: it takes whole microseconds, and other programs record nanoseconds. */
const READ_EARLIER_S = 2e-6

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
  readonly #clock: PlaybackClock
  readonly #loop: boolean
  readonly #joinsRows: boolean
  readonly from: number
  readonly to: number
  /** When a pass is over. */
  readonly #passEnd: number
  readonly #wanted: WantedTopics
  #passes = 1
  readonly #wait: PlaybackWait
  readonly #played: PlayedSoFar
  readonly #ofMoment: ValuesOfMoment
  /** True while rows that came one after the other are read as one block. */
  #isJoined = false
  /** Up to where everything that is wanted has been played. */
  #resumeAt: number
  #isPlaying = false

  /** @throws {@link OptionError} `ERR_OPTION` when the speed is not above 0. */
  constructor(history: History, options: PlayerOptions = {}) {
    const { speed = 1, from = history.from ?? 0, to = history.to ?? from } = options
    this.#history = history
    this.#wanted = new WantedTopics(options.topics ?? history.topics().map(({ topic }) => topic))
    this.#loop = options.loop ?? false
    this.#joinsRows = options.joinsRows ?? false
    this.from = from
    this.to = to
    this.#passEnd = endOfPass(from, to, this.#loop)
    this.#played = new PlayedSoFar(from)
    this.#ofMoment = new ValuesOfMoment(history, this.#played, from, options.isExact ?? false)
    this.#resumeAt = from
    this.#clock = new PlaybackClock(from, checkSpeed(speed), options.clock)
    this.#wait = new PlaybackWait(this.#clock)
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
    this.#wait.tell(this.#isJoined)
  }

  resume(): void {
    this.#wait.steps = 0
    this.#clock.start()
    this.#wait.tell(this.#mayJoin)
  }

  /** Plays up to the next picture, or to the next value where no pictures are wanted, and pauses there. */
  step(): void {
    if (!this.isPaused) this.pause()
    this.#wait.steps += 1
    this.#wait.tell(this.#wanted.size === 0)
  }

  /** @throws {@link OptionError} `ERR_OPTION` when it is not above 0. */
  setSpeed(speed: number): void {
    this.#clock.setSpeed(checkSpeed(speed))
    this.#wait.tell(this.#isJoined !== this.#mayJoin)
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
    this.#ofMoment.addEarlier(this.#wanted)
    this.#wait.steps = 0
    if (this.isPaused) this.#ofMoment.addAll(this.#wanted)
    this.#wait.tell(true)
  }

  /** Says which topics are wanted from now on. A topic that is wanted anew begins with its newest value. */
  want(topics: Iterable<string>): void {
    const changed = this.#wanted.change(topics)
    if (!changed) return
    for (const topic of changed.removed) this.#played.forget(topic)
    if (this.#isPlaying && this.position > this.from)
      for (const topic of changed.added) {
        this.#played.wantAfter(topic, this.position)
        this.#ofMoment.add(topic)
      }
    this.#wait.tell(true)
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
    this.#ofMoment.addEarlier(this.#wanted)
    const end = (): void => this.#wait.tell()
    signal.addEventListener('abort', end)
    try {
      while (!signal.aborted) {
        this.#wait.isMoved = false
        await this.#show(take)
        await this.#read(take, signal)
        if (this.#wait.isMoved || signal.aborted || !(await this.#untilOver(signal))) continue
        if (!this.#loop) return this.#forget(this.to)
        this.#passes += 1
        this.#clock.jump(this.#passEnd, this.from)
        this.#forget(this.from)
        this.#ofMoment.addEarlier(this.#wanted)
      }
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  /** The values of the moment. */
  #show(take: TakePlayed): Promise<void> {
    return this.#ofMoment.show({
      wants: (topic) => this.#wanted.has(topic),
      // Not the time that it is by now: what follows would be earlier.
      take: (latest, at) => take({ ...latest, dueAt: this.#clock.wallTimeOf(at), speed: 1 }),
      isMoved: () => this.#wait.isMoved,
    })
  }

  /** What is wanted, from where it is to the end. */
  async #read(take: TakePlayed, signal: AbortSignal): Promise<void> {
    if (this.#wait.isMoved) return
    const topics = this.#wait.steps === 0 ? [...this.#wanted] : this.#wanted.sought
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
      if (!this.#wait.isDue(signal) && !(await this.#wait.untilDue(block.recordedAt, signal))) return false
      const taking = this.#pass(block, take)
      if (taking) await taking
      if (this.#wait.isMoved || signal.aborted) return false
    }
    return true
  }

  /** Comes to a value, and hands it over where it is wanted. */
  #pass(block: RecordedBlock, take: TakePlayed): Promise<void> | void {
    const { recordedAt, envelope } = block
    const { topic } = envelope
    this.#played.add(block)
    if (!this.#clock.isRunning || this.speed === Infinity) this.#clock.moveTo(this.#played.place)
    if (this.#wait.steps > 0 && this.#wanted.isStep(topic)) this.#wait.steps -= 1
    if (!this.#wanted.has(topic)) return undefined
    const isPaced = this.#clock.isRunning && this.speed !== Infinity
    const dueAt = this.#clock.wallTimeOf(recordedAt)
    return take({ recordedAt, envelope, dueAt, speed: isPaced ? this.speed : 1 })
  }

  get #mayJoin(): boolean {
    return this.#joinsRows && this.#wait.isFast
  }

  /** Waits for the end. @returns False when something else is to be done first. */
  #untilOver(signal: AbortSignal): Promise<boolean> {
    // A loop that nobody watches must not spin.
    const isIdle = (): boolean => this.#loop && this.#wanted.size === 0 && this.speed === Infinity
    return this.#wait.untilOver(this.#passEnd, isIdle, signal)
  }

  #forget(position: number): void {
    this.#played.moveTo(position)
    this.#resumeAt = position
    this.#ofMoment.clear()
  }
}
