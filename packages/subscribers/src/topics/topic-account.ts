import { EpochTracker } from '@zcast/shared/internal'
import type { TopicOffer } from '@zcast/shared'
import { AccountWindow } from './account-window.ts'
import type { MessageLook } from './look/message-look.ts'
import { RateHistory } from './rate-history.ts'
import type { Sighting } from './sighting.ts'

/** When a message came. */
export interface Arrival {
  /** A monotonic time in milliseconds. */
  readonly atMs: number
  /** Seconds since the Unix epoch. */
  readonly time: number
  /**
   * False while this process has only begun to read, and is slower than it will be: what came meanwhile was read late, and
   * then all at once.
   */
  readonly isSettled: boolean
}

interface Last {
  readonly arrival: Arrival
  readonly sighting: Sighting
}

/** What has come of one topic. Counts on the envelope: nothing is decoded. */
export class TopicAccount {
  readonly topic: string
  /** Where it comes from. */
  readonly endpoint: string
  readonly window: AccountWindow
  /** Numbers of values; empty where the format has none. */
  readonly sequence = new EpochTracker()
  /** Messages and values a second, for a spark line. */
  readonly history = new RateHistory()
  messages = 0
  values = 0
  bytes = 0
  /** Messages that were sent again for late joiners. */
  retained = 0
  /** Values whose time is before that of the value before them. */
  backwards = 0
  /** The first and the newest arrival, in seconds since the Unix epoch. */
  firstTime: number | undefined
  lastTime: number | undefined
  /** The time that the newest value carries. */
  newestTime: number | undefined
  epoch: number | undefined
  /** What its publisher says of it. */
  offer: TopicOffer | undefined
  /** When it said so last: a monotonic time in milliseconds. */
  offeredAtMs: number | undefined
  look: MessageLook | undefined
  #last: Last | undefined
  #isSequenced = false
  #lost = 0
  #lookedAtMs: number | undefined
  #lookedEpoch: number | undefined

  /** @param sliceMs - See {@link AccountWindow}. */
  constructor(topic: string, endpoint: string, windowMs: number, sliceMs?: number) {
    this.topic = topic
    this.endpoint = endpoint
    this.window = new AccountWindow(windowMs, sliceMs)
  }

  /** True when a look at the next message is due: once a second at the most. */
  isLookDue(atMs: number): boolean {
    return !this.look || atMs - (this.#lookedAtMs ?? 0) >= LOOK_EVERY_MS
  }

  /** Notes what a message looks like. Names of columns do not come with every message. */
  looked(look: MessageLook, epoch: number | undefined, atMs: number): void {
    this.#lookedAtMs = atMs
    const before = this.look?.shape
    const isSame = before?.names && before.columns === look.shape.columns && epoch === this.#lookedEpoch
    this.#lookedEpoch = epoch
    this.look = isSame && !look.shape.names && this.look ? this.look : look
  }

  /** Counts a message. */
  take(sighting: Sighting, arrival: Arrival): void {
    const { atMs, time: arrivedAt, isSettled } = arrival
    const { epoch, seq, time, values, bytes, retained, withheld } = sighting
    this.messages += 1
    this.bytes += bytes
    this.firstTime ??= arrivedAt
    this.lastTime = arrivedAt
    const slice = this.window.at(atMs)
    slice.sizes.add(bytes)
    this.history.add(atMs, values)
    let gap = 0
    if (epoch !== undefined && seq !== undefined) {
      this.#isSequenced = true
      this.sequence.accept(epoch, seq, values, retained === true, withheld)
      const { lost } = this.sequence.totals()
      gap = Math.max(lost - this.#lost, 0)
      this.#lost = lost
      this.epoch = epoch
    }
    if (time !== undefined) this.newestTime = time
    if (retained) {
      // It was made before, and says nothing about the stream.
      this.retained += 1
      return
    }
    this.values += values
    slice.values += values
    slice.gaps += gap
    if (time !== undefined && isSettled) slice.delays.add((arrivedAt - time) * 1000)
    const last = this.#last
    this.#last = { arrival, sighting }
    if (!last) return
    if (last.arrival.isSettled) slice.arrivals.add(atMs - last.arrival.atMs)
    if (time !== undefined && last.sighting.time !== undefined && last.sighting.epoch === epoch)
      this.#takeTimes(last.sighting, sighting, slice)
  }

  /** Values that are missing between the first and the newest; `null` where the format has no numbers. */
  get lost(): number | null {
    return this.#isSequenced ? this.#lost : null
  }

  /** How often its publisher was started again. */
  get restarts(): number {
    return Math.max(this.sequence.epochs - 1, 0)
  }

  /** Milliseconds since the newest message; `undefined` before the first. */
  silentMs(nowMs: number): number | undefined {
    return this.#last && nowMs - this.#last.arrival.atMs
  }

  #takeTimes(before: Sighting, now: Sighting, slice: ReturnType<AccountWindow['at']>): void {
    const apartMs = ((now.time ?? 0) - (before.time ?? 0)) * 1000
    const passed = before.seq !== undefined && now.seq !== undefined ? now.seq - before.seq : before.values
    // Late values, and those of another publisher, are no neighbours.
    if (passed <= 0) return
    if (apartMs < 0) {
      this.backwards += 1
      return
    }
    slice.sentValues += passed
    slice.sentMs += apartMs
    // Across a gap nothing is known of single intervals.
    if (passed !== before.values) return
    const stepMs = before.values === 1 ? apartMs : (before.interval ?? apartMs / 1000 / before.values) * 1000
    if (before.values > 1) slice.times.add(stepMs, before.values - 1)
    slice.times.add(Math.max(apartMs - stepMs * (before.values - 1), 0))
  }
}

const LOOK_EVERY_MS = 1000
