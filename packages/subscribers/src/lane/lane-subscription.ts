import { randomBytes } from 'node:crypto'
import {
  formatLaneRequest,
  laneTopic,
  wallClock,
  type Envelope,
  type LaneRequest,
  type NetworkReading,
  type SubscribeSocket,
} from '@zcast/shared'
import { LanePatience } from './lane-patience.ts'
import { NetworkWatch } from './network-watch.ts'

/** A lane on which nothing comes for so long, or for so many of its intervals, is left. */
const SILENT_MS = 5000
const SILENT_INTERVALS = 3

const LOOK_MS = 500

/** What the network carries is told so often at the most. */
const TELL_EVERY_MS = 1000

interface OpenLane {
  readonly name: string
  readonly key: string
  hasCome: boolean
}

/** What a {@link LaneSubscription} tells of. */
export type OnNetwork = (reading: NetworkReading | undefined) => void

/**
 * The subscription to one topic, which is exchanged for a lane of its own while the network is slower than the stream: there
 * a picture is sent once an earlier one was acknowledged, so that none grows old on the way.
 */
export class LaneSubscription {
  readonly #topic: string
  readonly #socket: SubscribeSocket
  readonly #onNetwork: OnNetwork
  readonly #watch = new NetworkWatch()
  readonly #patience = new LanePatience()
  #epoch: number | undefined
  #lane: OpenLane | undefined
  #timer: NodeJS.Timeout | undefined
  #heardAtMs = 0
  #intervalMs = 0
  #reading: NetworkReading | undefined
  #toldAtMs = Number.NEGATIVE_INFINITY

  /**
   * @param topic - Subscribed to already, unless there is an epoch.
   * @param epoch - Of a stream whose publisher opens lanes: one is asked for in place of the topic. Default none.
   */
  constructor(topic: string, socket: SubscribeSocket, onNetwork: OnNetwork, epoch?: number) {
    this.#topic = topic
    this.#socket = socket
    this.#onNetwork = onNetwork
    if (epoch !== undefined) this.#ask(epoch, performance.now())
  }

  /** The name of the lane, while there is one. */
  get lane(): string | undefined {
    return this.#lane?.name
  }

  /**
   * A picture came that had not come before, or came again.
   *
   * @param lane - The name of the lane it came on; `undefined` for the topic.
   * @param isShared - Whether two publishers use the topic, which lanes cannot tell apart.
   */
  arrived({ block, epoch, lanes, retained }: Envelope, lane?: string, isShared = false): void {
    const { seq, time } = block
    if (seq === undefined || epoch === undefined || retained) return
    const nowMs = performance.now()
    if (epoch !== this.#epoch) this.#watch.restart()
    this.#epoch = epoch
    if (this.#lane && lane === this.#lane.name) {
      this.#tell({ type: 'acknowledge', key: this.#lane.key, seq })
      this.#lane.hasCome = true
      this.#intervalMs = nowMs - this.#heardAtMs
    }
    this.#heardAtMs = nowMs
    const isNext = this.#watch.isNext(seq)
    this.#watch.arrived({ seq, timeMs: time * 1000, atMs: wallClock() * 1000 })
    if (!this.#lane) {
      if (this.#watch.isSlow && lanes && !isShared && this.#patience.mayAsk(nowMs)) this.#open(epoch, nowMs)
    } else if (lane === this.#lane.name) {
      if (this.#patience.heard(isNext && this.#watch.isFresh, nowMs)) {
        this.#patience.left(nowMs)
        this.leave()
      }
    }
    if (nowMs - this.#toldAtMs >= TELL_EVERY_MS) this.#report(nowMs)
  }

  /** Turns back to the topic, if there is a lane. */
  leave(): void {
    if (!this.#lane) return
    const { name, key } = this.#lane
    this.#lane = undefined
    clearInterval(this.#timer)
    this.#socket.subscribe(this.#topic)
    this.#tell({ type: 'end', key })
    this.#socket.unsubscribe(laneTopic(name))
    this.#watch.restart()
    this.#report(performance.now())
  }

  /** Ends what runs. */
  close(): void {
    clearInterval(this.#timer)
  }

  /** Takes back what was asked for, on a lane or not. */
  end(): void {
    clearInterval(this.#timer)
    this.#socket.unsubscribe(this.#lane ? laneTopic(this.#lane.name) : this.#topic)
    this.#lane = undefined
  }

  #open(epoch: number, nowMs: number): void {
    this.#ask(epoch, nowMs)
    // At once: what the publisher went on to send to the topic would take the lane's place on the way.
    this.#socket.unsubscribe(this.#topic)
  }

  #ask(epoch: number, nowMs: number): void {
    const [name, key] = [token(), token()]
    this.#lane = { name, key, hasCome: false }
    this.#patience.asked(nowMs)
    this.#intervalMs = 0
    this.#heardAtMs = nowMs
    this.#socket.subscribe(laneTopic(name))
    this.#tell({ type: 'open', name, key, epoch, topic: this.#topic })
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref()
  }

  #look(): void {
    const nowMs = performance.now()
    if (nowMs - this.#heardAtMs <= Math.max(SILENT_MS, SILENT_INTERVALS * this.#intervalMs)) return
    if (this.#lane && !this.#lane.hasCome) this.#patience.refused(nowMs)
    this.leave()
  }

  #tell(request: LaneRequest): void {
    this.#socket.tell(formatLaneRequest(request))
  }

  #report(nowMs: number): void {
    const isSlow = this.#lane !== undefined || this.#watch.isSlow
    const reading = isSlow ? this.#watch.reading : undefined
    if (reading === this.#reading) return
    this.#toldAtMs = nowMs
    this.#reading = reading
    this.#onNetwork(reading)
  }
}

/** 22 characters that nobody can guess. */
function token(): string {
  return randomBytes(16).toString('base64url')
}
