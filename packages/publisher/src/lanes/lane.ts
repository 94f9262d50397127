import type { Envelope } from '@zcast/shared'
import { CreditWindow } from '@zcast/shared/internal'

/**
 * A picture that has not been acknowledged by now was lost: after ZeroMQ skipped a full queue, it gives it nothing, and
 * says nothing, until it is half empty. The first waits are short: the queue is full of what was sent to the topic.
 */
const FIRST_PATIENCE_MS = 300
const LEAST_PATIENCE_MS = 1000
const PATIENCE_ROUND_TRIPS = 3

/** Gaps that are remembered; of several, the oldest are taken for left out. */
const MAX_GAPS = 64

/** The weight of one interval in the average. */
const INTERVAL_SHARE = 0.1

/** The state of a lane: what was sent, and what of it was acknowledged. */
export class Lane {
  readonly topic: string
  readonly #window = new CreditWindow()
  /** The send time of each picture that has not been acknowledged yet, oldest first; by sequence number. */
  readonly #inFlight = new Map<number, number>()
  #patienceMs = FIRST_PATIENCE_MS
  /** The last picture that has taken too long, and has probably been lost. */
  #givenUp = -1
  #epoch: number | undefined
  /** The newest picture that was to be sent. */
  #offered: number | undefined
  /** Pictures that were never here to be sent, since a relay did not get them: how many, and the one after them. */
  readonly #missing: { readonly before: number; readonly count: number }[] = []
  /** The picture that the subscriber may have got neither on the topic, which it left, nor on the lane. */
  readonly #onNeither: Envelope | undefined
  /** The newest picture that was acknowledged, or need not be. */
  #acknowledged: number | undefined
  /** The newest picture, while others are in flight. */
  #waiting: Envelope | undefined
  /** True when a picture has had to wait since the last acknowledgement. */
  #isShort = false
  #offeredAtMs: number | undefined
  /** The recent average time between pictures. */
  #intervalMs = 0
  #heardAtMs: number

  /**
   * @param topic - The pictures' topic.
   * @param epoch - The stream's epoch.
   * @param before - The picture of this epoch that was sent last on the topic.
   */
  constructor(topic: string, epoch: number, nowMs: number, before?: Envelope) {
    this.topic = topic
    this.#epoch = epoch
    this.#heardAtMs = nowMs
    this.#offered = before?.block.seq
    this.#onNeither = before
  }

  /** True when anything of the stream has been sent on the lane. */
  get hasBegun(): boolean {
    return this.#acknowledged !== undefined
  }

  /** Accepts the newest picture. @returns The picture to be sent now. */
  offer(envelope: Envelope, nowMs: number): Envelope | undefined {
    const seq = envelope.block.seq as number
    if (envelope.epoch !== this.#epoch) this.#begin(envelope.epoch, seq)
    this.#acknowledged ??= this.#beforeFirst(seq, envelope.withheld)
    this.#waiting = envelope
    this.#noteGap(seq, envelope.withheld)
    this.#learnInterval(nowMs)
    if (this.#unacknowledgedMs(nowMs) > this.#patienceMs) {
      this.#givenUp = [...this.#inFlight.keys()].at(-1) ?? -1
      this.#patienceMs *= 2
    }
    return this.#next(nowMs)
  }

  /** Notes that a picture has arrived, and all before it. @returns The picture to be sent now. */
  acknowledge(seq: number, nowMs: number): Envelope | undefined {
    const sentAtMs = this.#inFlight.get(seq)
    if (sentAtMs === undefined) return undefined
    const roundTripMs = Math.max(nowMs - sentAtMs, 0.1)
    this.#window.acknowledged(roundTripMs, this.#isShort, nowMs, this.#intervalMs)
    this.#patienceMs = Math.max(LEAST_PATIENCE_MS, roundTripMs * PATIENCE_ROUND_TRIPS)
    this.#acknowledged = seq
    this.#heardAtMs = nowMs
    // It was slow and nothing was lost: the pictures sent after it are still in transit.
    if (seq <= this.#givenUp) this.#givenUp = -1
    for (const earlier of this.#inFlight.keys()) if (earlier <= seq) this.#inFlight.delete(earlier)
    while ((this.#missing[0]?.before ?? Number.POSITIVE_INFINITY) <= seq) this.#missing.shift()
    this.#isShort = false
    return this.#next(nowMs)
  }

  /** The picture left over at the end, to be sent whatever is in flight. */
  flush(nowMs: number): Envelope | undefined {
    return this.#waiting && this.#send(this.#waiting, nowMs)
  }

  /** Takes back a picture that could not be sent: it waits again, unless there is a newer one. */
  putBack(envelope: Envelope): void {
    if (envelope.epoch !== this.#epoch) return
    this.#inFlight.delete(envelope.block.seq as number)
    this.#waiting ??= envelope
  }

  /** The time without an acknowledgement although something was sent. */
  unheardMs(nowMs: number): number {
    return this.#inFlight.size > 0 ? nowMs - this.#heardAtMs : 0
  }

  /**
   * The subscriber left the topic before it could know where the lane begins: one picture may be on neither, nor what a
   * relay left out right before it.
   */
  #beforeFirst(seq: number, withheld = 0): number {
    const { block, withheld: earlier = 0 } = this.#onNeither ?? {}
    return (block?.seq ?? seq - 1 - withheld) - 1 - earlier
  }

  #noteGap(seq: number, withheld = 0): void {
    const count = seq - (this.#offered ?? seq - 1) - 1 - withheld
    this.#offered = seq
    if (count <= 0) return
    this.#missing.push({ before: seq, count })
    if (this.#missing.length > MAX_GAPS) this.#missing.shift()
  }

  /** Pictures up to this one that were never here, since the one that was acknowledged. */
  #missingUntil(seq: number): number {
    let sum = 0
    for (const { before, count } of this.#missing) if (before <= seq) sum += count
    return sum
  }

  #learnInterval(nowMs: number): void {
    const intervalMs = nowMs - (this.#offeredAtMs ?? nowMs)
    this.#intervalMs += (intervalMs - this.#intervalMs) * INTERVAL_SHARE
    this.#offeredAtMs = nowMs
  }

  #unacknowledgedMs(nowMs: number): number {
    const [sentAtMs = nowMs] = this.#onTheirWay
    return nowMs - sentAtMs
  }

  /** The send time of each picture that is expected to arrive. */
  get #onTheirWay(): readonly number[] {
    return [...this.#inFlight].filter(([seq]) => seq > this.#givenUp).map(([, sentAtMs]) => sentAtMs)
  }

  #begin(epoch: number | undefined, seq: number): void {
    this.#epoch = epoch
    this.#inFlight.clear()
    this.#givenUp = -1
    this.#offered = undefined
    this.#missing.length = 0
    this.#acknowledged = seq - 1
  }

  #next(nowMs: number): Envelope | undefined {
    if (!this.#waiting) return undefined
    if (this.#onTheirWay.length < this.#window.size) return this.#send(this.#waiting, nowMs)
    this.#isShort = true
    return undefined
  }

  #send(envelope: Envelope, nowMs: number): Envelope {
    const seq = envelope.block.seq as number
    this.#waiting = undefined
    this.#inFlight.set(seq, nowMs)
    const since = seq - (this.#acknowledged ?? seq) - 1
    return { ...envelope, withheld: Math.max(0, since - this.#missingUntil(seq)) }
  }
}
