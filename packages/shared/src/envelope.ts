import type { Block } from './block.ts'

/** A block on its way between a publisher and a subscriber, with the information that the wire adds. */
export interface Envelope {
  /** `<kind>/<stream>` or `<kind>@<rendition>/<stream>`. */
  readonly topic: string
  /**
   * A random number that is chosen when a publisher starts a stream; a different value means a restart. `undefined` for
   * foreign formats.
   */
  readonly epoch?: number | undefined
  /** An earlier value sent again for a late joiner. Default false. */
  readonly retained?: boolean | undefined
  /** True when the publisher offers lanes for this topic to subscribers that ask for one. Default false. */
  readonly lanes?: boolean | undefined
  /**
   * On a lane, the number of values directly before this one that were left out for this subscriber, unless they have
   * come. Default 0.
   */
  readonly withheld?: number | undefined
  /**
   * True when the message does not state the time of its values, so that the block's `time` is that of its arrival.
   * Default false.
   */
  readonly arrivalTime?: boolean | undefined
  /**
   * True for a publisher's answer to a subscriber that asked for lanes, which is not a picture of the stream. Default
   * false.
   */
  readonly answer?: boolean | undefined
  /**
   * Names of the renditions of this stream that its publisher makes on demand, largest first; at most 8. Default none.
   */
  readonly renditions?: readonly string[] | undefined
  /** The topic that was subscribed to, when this is a rendition that came in its place. Set by a subscriber. */
  readonly renditionOf?: string | undefined
  readonly block: Block
}

/** The topic that was subscribed to: that of an envelope, unless it is a rendition that came in its place. */
export function streamTopicOf({ topic, renditionOf }: Envelope): string {
  return renditionOf ?? topic
}

/** A whole multipart ZeroMQ message; in zcast's own wire format: topic, header, attachments. */
export type Message = readonly Uint8Array[]

/** The largest message a publisher sends and a subscriber accepts: 16 MiB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
