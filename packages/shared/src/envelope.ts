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
  readonly block: Block
}

/** A whole multipart ZeroMQ message; in the wire format of this project topic, header, attachments. */
export type Message = readonly Uint8Array[]

/** The largest message a publisher sends and a subscriber accepts: 16 MiB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
