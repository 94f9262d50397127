import {
  LANE_PREFIX,
  laneTopic,
  parseTopic,
  type Envelope,
  type NetworkReading,
  type SubscribeSocket,
} from '@zcast/shared'
import { LaneSubscription } from './lane-subscription.ts'

/** Bytes that stand before the topic of what comes on a lane. */
const LANE_BYTES = laneTopic('x'.repeat(22)).length

const EXCLAMATION_MARK = LANE_PREFIX.codePointAt(0)

/** A topic part without the lane that it may begin with. */
export interface UnwrappedTopic {
  readonly topic: Uint8Array
  /** The name of the lane it came on. */
  readonly lane?: string
}

/** Takes the lane off the topic of an untrusted message. */
export function unwrapTopic(part: Uint8Array): UnwrappedTopic {
  if (part[0] !== EXCLAMATION_MARK || part.byteLength <= LANE_BYTES) return { topic: part }
  const head = Buffer.from(part.buffer, part.byteOffset, LANE_BYTES).toString('latin1')
  const lane = head.slice(LANE_PREFIX.length, -1)
  return head === laneTopic(lane) ? { topic: part.subarray(LANE_BYTES), lane } : { topic: part }
}

/** The topics of pictures of a subscriber, each of which may be exchanged for a lane; whole kinds may not. */
export class LaneSubscriptions {
  readonly #topics = new Map<string, LaneSubscription>()

  /** @param onNetwork - Called when the network turns out to carry less of a topic than is wanted, and when it carries it again. */
  constructor(
    topics: readonly string[],
    socket: SubscribeSocket,
    onNetwork: (topic: string, reading: NetworkReading | undefined) => void,
  ) {
    for (const topic of topics) {
      if (parseTopic(topic)?.kind !== 'video') continue
      this.#topics.set(topic, new LaneSubscription(topic, socket, (reading) => onNetwork(topic, reading)))
    }
  }

  /** A picture came: see {@link LaneSubscription.arrived}. */
  arrived(envelope: Envelope, lane: string | undefined, isShared: boolean): void {
    this.#topics.get(envelope.topic)?.arrived(envelope, lane, isShared)
  }

  /** Turns back to the topics. */
  leave(): void {
    for (const subscription of this.#topics.values()) subscription.leave()
  }

  /** Ends what runs. */
  close(): void {
    for (const subscription of this.#topics.values()) subscription.close()
  }
}
