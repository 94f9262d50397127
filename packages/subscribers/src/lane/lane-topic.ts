import { randomBytes } from 'node:crypto'
import { type Envelope, type NetworkReading, type SubscribeSocket, wallClock } from '@zcast/shared'
import { formatLaneRequest } from '@zcast/shared/internal'
import { NetworkWatch } from './network-watch.ts'

/** A lane without a picture for this long, or for this many of its intervals, is silent. */
const SILENT_MS = 5000

/** The same while it is unknown whether messages to the publisher arrive: a forwarder may drop them. */
const UNPROVEN_MS = 1500
const SILENT_INTERVALS = 3

/** The shortest interval between network readings. */
const TELL_EVERY_MS = 1000

/** A lane that nobody needed yet fills a long path in this time; earlier values say nothing about the network. */
const FILL_MS = 1500

/** The listener to the readings of a {@link LaneTopic}. */
export type OnNetwork = (topic: string, reading: NetworkReading | undefined) => void

/** A topic of pictures, on its lane or not: how they arrive, and the messages to their publisher about them. */
export class LaneTopic {
  readonly #topic: string
  readonly #socket: SubscribeSocket
  readonly #onNetwork: OnNetwork
  readonly #watch = new NetworkWatch()
  #epoch: number | undefined
  /** The key, while there is a lane. */
  #key: string | undefined
  #fillUntilMs: number | undefined
  #hasCome = false
  #isProven = false
  #isWell = false
  #isOffered = false
  #heardAtMs = performance.now()
  #intervalMs = 0
  #reading: NetworkReading | undefined
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(topic: string, socket: SubscribeSocket, onNetwork: OnNetwork) {
    this.#topic = topic
    this.#socket = socket
    this.#onNetwork = onNetwork
  }

  /** True when there is a lane. */
  get isOnLane(): boolean {
    return this.#key !== undefined
  }

  /** True when something has come on the lane. */
  get hasCome(): boolean {
    return this.#hasCome
  }

  /** True when the network is slower than the stream. */
  get isSlow(): boolean {
    return this.#watch.isSlow
  }

  /** True when the newest picture came as it was sent, and none was missed before it. */
  get isWell(): boolean {
    return this.#isWell
  }

  /** True when its publisher offers a lane for it, and nobody else uses the topic. */
  get isOffered(): boolean {
    return this.#isOffered
  }

  /**
   * Notes a picture, new or repeated.
   *
   * @param onLane - True when it came on the lane, false on the topic.
   * @param isShared - True when two publishers use the topic, which lanes cannot tell apart.
   */
  arrived({ block, epoch, lanes }: Envelope, onLane: boolean, isShared: boolean): void {
    const seq = block.seq as number
    const nowMs = performance.now()
    if (epoch !== this.#epoch) this.#watch.restart()
    this.#epoch = epoch
    if (onLane && this.#key !== undefined) {
      this.#socket.tell(formatLaneRequest({ type: 'acknowledge', key: this.#key, seq }))
      this.#hasCome = true
      this.#isProven = true
    }
    this.#intervalMs = nowMs - this.#heardAtMs
    if (!onLane) this.#isOffered = lanes === true
    if (isShared) this.#isOffered = false
    this.#heardAtMs = nowMs
    if (this.#fillUntilMs !== undefined && nowMs > this.#fillUntilMs) {
      this.#fillUntilMs = undefined
      this.#watch.restart()
    }
    const isNext = this.#watch.isNext(seq)
    this.#watch.arrived({ seq, timeMs: block.time * 1000, atMs: wallClock() * 1000 })
    this.#isWell = isNext && this.#watch.isFresh
    if (nowMs - this.#toldAtMs >= TELL_EVERY_MS) this.#report(nowMs)
  }

  /** True when nothing has come for so long that the stream may have ended. */
  isSilent(nowMs: number): boolean {
    const leastMs = this.isOnLane && !this.#isProven ? UNPROVEN_MS : SILENT_MS
    return nowMs - this.#heardAtMs > Math.max(leastMs, SILENT_INTERVALS * this.#intervalMs)
  }

  /**
   * Asks for the lane.
   *
   * @param name - The name of the lane, which is subscribed to.
   * @param answered - The epoch in the publisher's answer; for a topic that is known to be slow, that of its pictures.
   */
  open(name: string, answered?: number): void {
    const epoch = answered ?? this.#epoch
    if (this.#key !== undefined || epoch === undefined) return
    const nowMs = performance.now()
    this.#key = laneToken()
    this.#hasCome = false
    this.#isWell = false
    this.#isProven = answered !== undefined
    this.#heardAtMs = nowMs
    this.#fillUntilMs = this.#watch.isSlow ? undefined : nowMs + FILL_MS
    this.#socket.tell(formatLaneRequest({ type: 'open', name, key: this.#key, epoch, topic: this.#topic }))
  }

  /** Stops asking for pictures on the lane, and takes back what was reported of the network. */
  end(): void {
    if (this.#key !== undefined) this.#socket.tell(formatLaneRequest({ type: 'end', key: this.#key }))
    this.#key = undefined
    this.#watch.restart()
    this.#report(performance.now())
  }

  #report(nowMs: number): void {
    const isSlow = this.isOnLane ? this.#fillUntilMs === undefined : this.#watch.isSlow
    const reading = isSlow ? this.#watch.reading : undefined
    if (reading === this.#reading) return
    this.#toldAtMs = nowMs
    this.#reading = reading
    this.#onNetwork(this.#topic, reading)
  }
}

/** Returns 22 characters that cannot be guessed. */
export function laneToken(): string {
  return randomBytes(16).toString('base64url')
}
