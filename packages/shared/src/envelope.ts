import type { Block } from './block.ts'

/** A block on its way between a publisher and a subscriber, with what the wire adds to it. */
export interface Envelope {
  /** `<kind>/<stream>` or `<kind>@<rendition>/<stream>`. */
  readonly topic: string
  /** Drawn at random when a publisher starts a stream; another value means a restart. `undefined` for foreign formats. */
  readonly epoch?: number | undefined
  /** An earlier value sent again for a late joiner. Default false. */
  readonly retained?: boolean | undefined
  /** Whether the publisher sends this topic on lanes of their own to subscribers that ask for it. Default false. */
  readonly lanes?: boolean | undefined
  /** On a lane, so many values right before this one were left out for this subscriber, if they have not come. Default 0. */
  readonly withheld?: number | undefined
  /** Whether the message does not say when its values are of, so that the block's `time` is when it came. Default false. */
  readonly arrivalTime?: boolean | undefined
  /** No picture of the stream, but what a publisher says to a subscriber that has asked for lanes. Default false. */
  readonly answer?: boolean | undefined
  /** Names of the renditions of this stream that its publisher makes on demand, largest first; 8 at the most. Default none. */
  readonly renditions?: readonly string[] | undefined
  /** The topic that was asked for, where this is a rendition that came in its place. Set by a subscriber. */
  readonly renditionOf?: string | undefined
  readonly block: Block
}

/** The topic that was asked for: that of an envelope, unless it is a rendition that came in its place. */
export function streamTopicOf({ topic, renditionOf }: Envelope): string {
  return renditionOf ?? topic
}

/** A whole multipart ZeroMQ message; in the wire format of this project topic, header, attachments. */
export type Message = readonly Uint8Array[]

/** The largest message a publisher sends and a subscriber accepts: 16 MiB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
