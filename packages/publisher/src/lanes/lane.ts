import type { Envelope } from '@zcast/shared'
import { CreditWindow } from '@zcast/shared/internal'

/**
 * A picture that was acknowledged by now has not come: after it was passed over, ZeroMQ gives a full queue nothing, and
 * says nothing, until it is half empty. The first waits are short: the queue is full of what was sent to the topic.
 */
const FIRST_PATIENCE_MS = 300
const LEAST_PATIENCE_MS = 1000
const PATIENCE_ROUND_TRIPS = 3

/** How much one interval says of those to come. */
const INTERVAL_SHARE = 0.1

/** What is sent on a lane, and what of it was acknowledged. */
export class Lane {
  readonly topic: string
  readonly #window = new CreditWindow()
  /** When each picture that was not acknowledged yet was sent, the oldest first; by sequence number. */
  readonly #inFlight = new Map<number, number>()
  #patienceMs = FIRST_PATIENCE_MS
  /** What was sent up to this one has taken too long, and has probably not come. */
  #givenUp = -1
  #epoch: number | undefined
  /** The newest that was acknowledged, or need not be. */
  #acknowledged: number | undefined
  /** The newest picture, while others are on their way. */
  #waiting: Envelope | undefined
  /** Whether a picture had to wait since the last one was acknowledged. */
  #isShort = false
  #offeredAtMs: number | undefined
  /** Between pictures, of late. */
  #intervalMs = 0
  #heardAtMs: number

  /**
   * @param topic - Of the pictures.
   * @param epoch - Of the stream.
   */
  constructor(topic: string, epoch: number, nowMs: number) {
    this.topic = topic
    this.#epoch = epoch
    this.#heardAtMs = nowMs
  }

  /** Whether anything of the stream was sent on it. */
  get hasBegun(): boolean {
    return this.#acknowledged !== undefined
  }

  /** Takes the newest picture. @returns What is to be sent now. */
  offer(envelope: Envelope, nowMs: number): Envelope | undefined {
    const seq = envelope.block.seq as number
    if (envelope.epoch !== this.#epoch) this.#begin(envelope.epoch, seq)
    // The subscriber left the topic before it could know where the lane begins: one picture may be on neither.
    this.#acknowledged ??= seq - 2
    this.#waiting = envelope
    this.#learnInterval(nowMs)
    if (this.#unacknowledgedMs(nowMs) > this.#patienceMs) {
      this.#givenUp = [...this.#inFlight.keys()].at(-1) ?? -1
      this.#patienceMs *= 2
    }
    return this.#next(nowMs)
  }

  /** A picture has come, and all before it. @returns What is to be sent now. */
  acknowledge(seq: number, nowMs: number): Envelope | undefined {
    const sentAtMs = this.#inFlight.get(seq)
    if (sentAtMs === undefined) return undefined
    const roundTripMs = Math.max(nowMs - sentAtMs, 0.1)
    this.#window.acknowledged(roundTripMs, this.#isShort, nowMs, this.#intervalMs)
    this.#patienceMs = Math.max(LEAST_PATIENCE_MS, roundTripMs * PATIENCE_ROUND_TRIPS)
    this.#acknowledged = seq
    this.#heardAtMs = nowMs
    // It was slow, and nothing was passed over: what was sent after it is on its way too.
    if (seq <= this.#givenUp) this.#givenUp = -1
    for (const earlier of this.#inFlight.keys()) if (earlier <= seq) this.#inFlight.delete(earlier)
    this.#isShort = false
    return this.#next(nowMs)
  }

  /** What is left at the end, to be sent whatever is on its way. */
  flush(nowMs: number): Envelope | undefined {
    return this.#waiting && this.#send(this.#waiting, nowMs)
  }

  /** What was to be sent could not be: it waits again, unless there is a newer one. */
  putBack(envelope: Envelope): void {
    if (envelope.epoch !== this.#epoch) return
    this.#inFlight.delete(envelope.block.seq as number)
    this.#waiting ??= envelope
  }

  /** How long nothing was acknowledged although something was sent. */
  unheardMs(nowMs: number): number {
    return this.#inFlight.size > 0 ? nowMs - this.#heardAtMs : 0
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

  /** When each picture was sent that is expected to come. */
  get #onTheirWay(): readonly number[] {
    return [...this.#inFlight].filter(([seq]) => seq > this.#givenUp).map(([, sentAtMs]) => sentAtMs)
  }

  #begin(epoch: number | undefined, seq: number): void {
    this.#epoch = epoch
    this.#inFlight.clear()
    this.#givenUp = -1
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
    return { ...envelope, withheld: Math.max(0, seq - (this.#acknowledged ?? seq) - 1) }
  }
}
