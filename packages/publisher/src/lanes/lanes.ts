import {
  LANE_PREFIX,
  laneTopic,
  matchesSubscription,
  parseLaneRequest,
  type Codec,
  type Envelope,
  type LaneRequest,
  type Message,
  type PublishSocket,
} from '@zcast/shared'
import { laneAnswer } from './lane-answer.ts'
import { Lane } from './lane.ts'

/** Lanes of a socket; while there are as many, none is announced, and slow subscribers stay on the topics of all. */
const MAX_LANES = 64

/** While there are more, those that do not need one are asked to turn back to the topic: a lane is one more message a picture. */
const ROOMY_LANES = 16

/** Who has acknowledged nothing for this long has gone, or has turned back to the topic. */
const UNHEARD_MS = 10_000

/** How often it is looked for those. */
const LOOK_MS = 1000

/** What {@link Lanes} need to know of their publisher. */
export interface LanesOptions {
  readonly socket: PublishSocket
  readonly codec: Codec
  /** The topics of pictures that run, and their epochs. */
  readonly epochs: ReadonlyMap<string, number>
  /** Called when somebody is about to receive a topic on a lane. */
  readonly onOpen: (topic: string) => void
  /** Called when a topic may be wanted that was not, or no more. */
  readonly onChange: () => void
}

interface OpenLane {
  readonly lane: Lane
  readonly name: string
  readonly topicBytes: Uint8Array
}

/**
 * The subscribers that asked for a lane of their own, because their network is slower than a stream. Each gets the newest
 * picture only once an earlier one has come: what else would stand in queues on the way, and grow old, is left out and
 * counted. A lane costs what a subscription costs at the most, whatever is said about it.
 */
export class Lanes {
  readonly #options: LanesOptions
  /** By key, which only the subscriber and its publishers know. */
  readonly #lanes = new Map<string, OpenLane>()
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

  /** Whether one more may be asked for. */
  get isOpen(): boolean {
    return this.#lanes.size < MAX_LANES
  }

  /** Whether somebody receives this topic on a lane. */
  wants(topic: string): boolean {
    for (const { lane } of this.#lanes.values()) if (lane.topic === topic) return true
    return false
  }

  /** How many receive some of these topics on lanes. */
  count(topics: readonly string[]): number {
    return new Set(
      [...this.#lanes.values()].filter(({ lane }) => topics.includes(lane.topic)).map(({ name }) => name),
    ).size
  }

  /**
   * Gives a picture to the lanes that have room for it, in this turn.
   *
   * @param message - As it was sent to the topic: what is the same on a lane is not encoded again.
   */
  offer(envelope: Envelope, message: Message): void {
    for (const open of this.#lanes.values()) {
      if (open.lane.topic === envelope.topic)
        void this.#send(open, open.lane.offer(envelope, performance.now()), message)
    }
  }

  /** Gives a picture that is sent again to those that have got none yet. */
  repeat(envelope: Envelope): void {
    for (const open of this.#lanes.values()) {
      if (open.lane.topic === envelope.topic && !open.lane.hasBegun) void this.#send(open, envelope)
    }
  }

  /** Sends what still waits of a topic that ends. @returns Whether all has been handed on. */
  async flush(topic: string): Promise<boolean> {
    let isDone = true
    for (const open of this.#lanes.values()) {
      if (open.lane.topic !== topic) continue
      isDone = (await this.#send(open, open.lane.flush(performance.now()))) && isDone
    }
    return isDone
  }

  /** Ends all. */
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
      // What was left out last is told with one more picture.
      void this.#send(open, open.lane.flush(performance.now()))
      this.#end(request.key)
    }
  }

  #answer(name: string, subscription: string): void {
    for (const [topic, epoch] of this.#options.epochs) {
      if (!matchesSubscription(topic, subscription)) continue
      const [, ...parts] = this.#options.codec.encode(laneAnswer(topic, epoch, this.isOpen))
      // Whoever hears nothing subscribes to the topic.
      this.#options.socket.send([Buffer.from(laneTopic(name) + topic), ...parts]).catch(() => undefined)
    }
  }

  #open({ name, key, epoch, topic }: LaneRequest & { type: 'open' }): void {
    if (!this.isOpen || this.#lanes.has(key) || this.#options.epochs.get(topic) !== epoch) return
    const topicBytes = Buffer.from(laneTopic(name) + topic)
    this.#options.onOpen(topic)
    this.#lanes.set(key, { lane: new Lane(topic, epoch, performance.now()), name, topicBytes })
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

  /** @returns Whether it was handed on, if there was anything. */
  async #send(
    { lane, topicBytes }: OpenLane,
    envelope: Envelope | undefined,
    asOnTopic?: Message,
  ): Promise<boolean> {
    if (!envelope) return true
    const lanes = this.#lanes.size <= ROOMY_LANES
    try {
      const isSame = asOnTopic && lanes && !envelope.withheld
      const [, ...parts] = isSame ? asOnTopic : this.#options.codec.encode({ ...envelope, lanes })
      if (await this.#options.socket.send([topicBytes, ...parts])) return true
    } catch {
      // What does not fit was said of the topic itself, and so is whatever is wrong with the socket.
    }
    if (!envelope.retained) lane.putBack(envelope)
    return false
  }
}
