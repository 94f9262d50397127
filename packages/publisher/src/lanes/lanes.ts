import type { Codec, Envelope, Message, PublishSocket } from '@zcast/shared'
import {
  LANE_PREFIX,
  type LaneRequest,
  laneTopic,
  matchesSubscription,
  parseLaneRequest,
} from '@zcast/shared/internal'
import { laneAnswer } from './lane-answer.ts'
import { Lane } from './lane.ts'

/**
 * The largest number of lanes of a socket; at this number no more are offered, and slow subscribers stay on the shared
 * topics.
 */
const MAX_LANES = 64

/**
 * Above this number, subscribers that do not need a lane are asked to return to the topic: a lane is one more message
 * per picture.
 */
const ROOMY_LANES = 16

/** The same where a server copies what is sent to a topic: a lane is then all that a further subscriber costs. */
const ROOMY_LANES_BESIDE_A_SERVER = 0

/** A subscriber that has acknowledged nothing for this long is gone, or has returned to the topic. */
const UNHEARD_MS = 10_000

/** The interval at which silent subscribers are looked for. */
const LOOK_MS = 1000

/** The part of their publisher that {@link Lanes} need. */
export interface LanesOptions {
  readonly socket: PublishSocket
  readonly codec: Codec
  /** The running topics of pictures, and their epochs. */
  readonly epochs: ReadonlyMap<string, number>
  /** Called when a subscriber is about to receive a topic on a lane. */
  readonly onOpen: (topic: string) => void
  /** Called when the wanted topics may have changed. */
  readonly onChange: () => void
}

interface OpenLane {
  readonly lane: Lane
  readonly name: string
  readonly topicBytes: Uint8Array
}

/**
 * The subscribers that asked for a lane of their own, because their network is slower than a stream. Each gets the
 * newest picture only once an earlier one has arrived: pictures that would otherwise wait in queues on the way, and
 * grow old, are left out and counted. A lane costs at most as much as a subscription, whatever requests come.
 */
export class Lanes {
  readonly #options: LanesOptions
  /** By key, which only the subscriber and its publishers know. */
  readonly #lanes = new Map<string, OpenLane>()
  /** The pictures that were sent last, by topic. */
  readonly #last = new Map<string, Envelope>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: LanesOptions) {
    this.#options = options
    options.socket.onTold((told) => {
      const request = parseLaneRequest(told)
      if (request) this.#take(request)
    })
    options.socket.onSubscription((prefix, subscribed) => {
      if (subscribed || !prefix.startsWith(LANE_PREFIX)) return
      for (const [key, { name }] of this.#lanes) if (laneTopic(name) === prefix) this.#end(key)
    })
  }

  /** True when another lane may be requested. */
  get isOpen(): boolean {
    return this.#lanes.size < MAX_LANES
  }

  /** True when somebody receives this topic on a lane. */
  wants(topic: string): boolean {
    for (const { lane } of this.#lanes.values()) if (lane.topic === topic) return true
    return false
  }

  /** The number of subscribers that receive some of these topics on lanes. */
  count(topics: readonly string[]): number {
    return new Set(
      [...this.#lanes.values()].filter(({ lane }) => topics.includes(lane.topic)).map(({ name }) => name),
    ).size
  }

  /**
   * Gives a picture to the lanes that have room for it, in this turn of the event loop.
   *
   * @param message - The message as sent to the topic: parts that are the same on a lane are not encoded again.
   */
  offer(envelope: Envelope, message: Message): void {
    this.#last.set(envelope.topic, envelope)
    for (const open of this.#lanes.values()) {
      if (open.lane.topic === envelope.topic)
        void this.#send(open, open.lane.offer(envelope, performance.now()), message)
    }
  }

  /** Sends a picture again to the lanes that have received none yet. */
  repeat(envelope: Envelope): void {
    for (const open of this.#lanes.values()) {
      if (open.lane.topic === envelope.topic && !open.lane.hasBegun) void this.#send(open, envelope)
    }
  }

  /** Sends what is still waiting for a topic that ends. @returns True when all of it was sent. */
  async flush(topic: string): Promise<boolean> {
    this.#last.delete(topic)
    let isDone = true
    for (const open of this.#lanes.values()) {
      if (open.lane.topic !== topic) continue
      isDone = (await this.#send(open, open.lane.flush(performance.now()))) && isDone
    }
    return isDone
  }

  /** Ends all lanes. */
  close(): void {
    clearInterval(this.#timer)
    this.#lanes.clear()
  }

  #take(request: LaneRequest): void {
    if (request.type === 'ask') return this.#answer(request.name, request.subscription)
    if (request.type === 'open') return this.#open(request)
    const open = this.#lanes.get(request.key)
    if (!open) return
    if (request.type === 'acknowledge') {
      void this.#send(open, open.lane.acknowledge(request.seq, performance.now()))
    } else {
      // Values left out last are reported with one more picture.
      void this.#send(open, open.lane.flush(performance.now()))
      this.#end(request.key)
    }
  }

  #answer(name: string, subscription: string): void {
    for (const [topic, epoch] of this.#options.epochs) {
      if (!matchesSubscription(topic, subscription)) continue
      const [, ...parts] = this.#options.codec.encode(laneAnswer(topic, epoch, this.isOpen))
      // A subscriber that gets no answer subscribes to the topic.
      this.#options.socket.send([Buffer.from(laneTopic(name) + topic), ...parts]).catch(() => undefined)
    }
  }

  #open({ name, key, epoch, topic }: LaneRequest & { type: 'open' }): void {
    if (!this.isOpen || this.#lanes.has(key) || this.#options.epochs.get(topic) !== epoch) return
    const topicBytes = Buffer.from(laneTopic(name) + topic)
    this.#options.onOpen(topic)
    const last = this.#last.get(topic)
    const before = last?.epoch === epoch ? last : undefined
    this.#lanes.set(key, { lane: new Lane(topic, epoch, performance.now(), before), name, topicBytes })
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref()
    this.#options.onChange()
  }

  #end(key: string): void {
    if (!this.#lanes.delete(key)) return
    if (this.#lanes.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    this.#options.onChange()
  }

  #look(): void {
    const nowMs = performance.now()
    for (const [key, { lane }] of this.#lanes) if (lane.unheardMs(nowMs) > UNHEARD_MS) this.#end(key)
  }

  /** @returns True when it was sent, or there was nothing to send. */
  async #send(
    { lane, topicBytes }: OpenLane,
    envelope: Envelope | undefined,
    asOnTopic?: Message,
  ): Promise<boolean> {
    if (!envelope) return true
    const roomy = this.#options.socket.isFannedOut ? ROOMY_LANES_BESIDE_A_SERVER : ROOMY_LANES
    const lanes = this.#lanes.size <= roomy
    try {
      const isSame = asOnTopic && lanes && !envelope.withheld
      const [, ...parts] = isSame ? asOnTopic : this.#options.codec.encode({ ...envelope, lanes })
      if (await this.#options.socket.send([topicBytes, ...parts])) return true
    } catch {
      // A picture that does not fit, or a broken socket, has already been reported for the topic itself.
    }
    if (!envelope.retained) lane.putBack(envelope)
    return false
  }
}
