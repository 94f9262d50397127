import { type Envelope, KINDS, type Message } from '@zcast/shared'
import { isKind, LANE_PREFIX, laneTopic, matchesSubscription } from '@zcast/shared/internal'
import { LaneSubscription, type LaneSubscriptionOptions } from './lane-subscription.ts'

/** The number of bytes before the topic in a message on a lane. */
const LANE_BYTES = laneTopic('x'.repeat(22)).length

const EXCLAMATION_MARK = LANE_PREFIX.codePointAt(0)

/** The name of the lane that an untrusted message came on; `undefined` for all others. */
export function laneOf(topicPart: Uint8Array): string | undefined {
  if (topicPart[0] !== EXCLAMATION_MARK || topicPart.byteLength <= LANE_BYTES) return undefined
  const head = Buffer.from(topicPart.buffer, topicPart.byteOffset, LANE_BYTES).toString('latin1')
  const lane = head.slice(LANE_PREFIX.length, -1)
  return head === laneTopic(lane) ? lane : undefined
}

/** Converts a message of a lane to its form on the topic. */
export function takeOffLane([topicPart, ...parts]: Message): Message {
  return [(topicPart as Uint8Array).subarray(LANE_BYTES), ...parts]
}

/**
 * The subscriptions of a subscriber: topics and whole kinds. Those for which only the newest value counts, such as
 * pictures, may be exchanged for lanes.
 */
export class LaneSubscriptions {
  readonly #pictures: LaneSubscription[]
  readonly #others: readonly string[]
  readonly #options: LaneSubscriptionOptions
  #isConnected = false
  #isOn = true

  /**
   * @param prefixes - Each is subscribed to at once, or as soon as the publisher is connected.
   * @param hasLanes - True when the format supports lanes; then each prefix is a topic or a whole kind.
   */
  constructor(prefixes: readonly string[], hasLanes: boolean, options: LaneSubscriptionOptions) {
    this.#options = options
    const isExchanged = (prefix: string): boolean => hasLanes && isNewestFirst(prefix)
    this.#others = prefixes.filter((prefix) => !isExchanged(prefix))
    const pictures = prefixes.filter(isExchanged)
    // A topic of a whole kind that is received anyway needs no second lane.
    const isCovered = (prefix: string): boolean =>
      pictures.some((kind) => kind !== prefix && matchesSubscription(prefix, kind))
    this.#pictures = pictures
      .filter((prefix) => !isCovered(prefix))
      .map((each) => new LaneSubscription(each, this.#optionsOf(each)))
    options.socket.onFurtherPeer(() => {
      // The publisher may publish what is wanted, but have no lanes.
      if (!options.startsOnLanes && !options.hasServer)
        for (const subscription of this.#pictures) subscription.turnBack()
    })
    this.#subscribe()
  }

  /**
   * Subscribes to a further topic of pictures.
   *
   * @param hasLanes - True when its publisher has lanes: then one is requested first, as the network may be too slow
   *   for the topic.
   */
  add(topic: string, hasLanes: boolean): void {
    const subscription = new LaneSubscription(topic, this.#optionsOf(topic))
    this.#pictures.push(subscription)
    if (this.#isOn) subscription.start(this.#isConnected, hasLanes)
  }

  /** Cancels the subscription to a topic of pictures. */
  remove(topic: string): void {
    const index = this.#pictures.findIndex(({ subscription }) => subscription === topic)
    if (index < 0) return
    this.#pictures[index]?.stop()
    this.#pictures.splice(index, 1)
  }

  /** Notes that a publisher is connected, or none is any more. */
  connected(isConnected: boolean): void {
    this.#isConnected = isConnected
    for (const subscription of this.#pictures) {
      if (!isConnected) subscription.disconnected()
      if (this.#isOn) subscription.start(isConnected)
    }
  }

  /** Notes a picture: see {@link LaneSubscription.arrived}. */
  arrived(envelope: Envelope, lane: string | undefined, isShared: boolean): void {
    const onTopic = (each: LaneSubscription): boolean =>
      matchesSubscription(envelope.topic, each.subscription)
    const own = lane === undefined ? undefined : this.#pictures.find((each) => each.hasLanes(lane))
    const subscription = own ?? this.#pictures.find(onTopic)
    subscription?.arrived(envelope, lane, isShared)
  }

  /** Notes a publisher's answer about lanes: see {@link LaneSubscription.answered}. */
  answered(envelope: Envelope, lane: string): void {
    for (const subscription of this.#pictures) subscription.answered(envelope, lane)
  }

  /** Cancels all subscriptions. */
  pause(): void {
    this.#isOn = false
    for (const subscription of this.#pictures) subscription.stop()
    for (const other of this.#others) this.#options.socket.unsubscribe(other)
  }

  /** Subscribes to everything again. */
  resume(): void {
    this.#isOn = true
    this.#subscribe()
  }

  /** Stops all timers. */
  close(): void {
    for (const subscription of this.#pictures) subscription.close()
  }

  /** Behind a server one topic has one publisher, but a kind may have several, some of them without lanes. */
  #optionsOf(subscription: string): LaneSubscriptionOptions {
    const options = this.#options
    return options.hasServer ? { ...options, startsOnLanes: !subscription.endsWith('/') } : options
  }

  #subscribe(): void {
    for (const subscription of this.#pictures) subscription.start(this.#isConnected)
    for (const other of this.#others) this.#options.socket.subscribe(other)
  }
}

function isNewestFirst(subscription: string): boolean {
  const kind = /^[a-z]+(?=[@/])/.exec(subscription)?.[0]
  return isKind(kind) && KINDS[kind].isNewestFirst
}
