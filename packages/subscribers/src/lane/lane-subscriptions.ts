import {
  LANE_PREFIX,
  laneTopic,
  parseTopic,
  type Envelope,
  type Message,
  type NetworkReading,
  type SubscribeSocket,
} from '@zcast/shared'
import { LaneSubscription } from './lane-subscription.ts'

/** Bytes that stand before the topic of what comes on a lane. */
const LANE_BYTES = laneTopic('x'.repeat(22)).length

const EXCLAMATION_MARK = LANE_PREFIX.codePointAt(0)

/** The name of the lane that an untrusted message came on; `undefined` for all others. */
export function laneOf(topicPart: Uint8Array): string | undefined {
  if (topicPart[0] !== EXCLAMATION_MARK || topicPart.byteLength <= LANE_BYTES) return undefined
  const head = Buffer.from(topicPart.buffer, topicPart.byteOffset, LANE_BYTES).toString('latin1')
  const lane = head.slice(LANE_PREFIX.length, -1)
  return head === laneTopic(lane) ? lane : undefined
}

/** A message of a lane as it would be on the topic. */
export function takeOffLane([topicPart, ...parts]: Message): Message {
  return [(topicPart as Uint8Array).subarray(LANE_BYTES), ...parts]
}

/** The topics of pictures of a subscriber, each of which may be exchanged for a lane; whole kinds may not. */
export class LaneSubscriptions {
  readonly #topics = new Map<string, LaneSubscription>()
  readonly #socket: SubscribeSocket
  readonly #onNetwork: (topic: string, reading: NetworkReading | undefined) => void

  /** @param onNetwork - Called when the network turns out to carry less of a topic than is wanted, and when it carries it again. */
  constructor(
    topics: readonly string[],
    socket: SubscribeSocket,
    onNetwork: (topic: string, reading: NetworkReading | undefined) => void,
  ) {
    this.#socket = socket
    this.#onNetwork = onNetwork
    for (const topic of topics) if (parseTopic(topic)?.kind === 'video') this.#add(topic)
  }

  /**
   * Subscribes to a further topic.
   *
   * @param epoch - Of its publisher, where that opens lanes: then on a lane, as the network may be too slow for it.
   */
  add(topic: string, epoch?: number): void {
    if (epoch === undefined) this.#socket.subscribe(topic)
    this.#add(topic, epoch)
  }

  /** Takes that back. */
  remove(topic: string): void {
    this.#topics.get(topic)?.end()
    this.#topics.delete(topic)
  }

  /** A picture came: see {@link LaneSubscription.arrived}. */
  arrived(envelope: Envelope, lane: string | undefined, isShared: boolean): void {
    this.#topics.get(envelope.topic)?.arrived(envelope, lane, isShared)
  }

  /** Turns back to the topics. */
  leave(): void {
    for (const subscription of this.#topics.values()) subscription.leave()
  }

  #add(topic: string, epoch?: number): void {
    const onNetwork = (reading: NetworkReading | undefined): void => this.#onNetwork(topic, reading)
    this.#topics.set(topic, new LaneSubscription(topic, this.#socket, onNetwork, epoch))
  }

  /** Ends what runs. */
  close(): void {
    for (const subscription of this.#topics.values()) subscription.close()
  }
}
