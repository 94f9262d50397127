import type { BlockKind } from '../block.ts'

/** What the values of a topic look like, as far as it is known before one of them has come. */
export interface TopicShape {
  /** Of numbers: values in each array. */
  readonly columns?: number | undefined
  /** Of numbers: a name for each column. */
  readonly names?: readonly string[] | undefined
  /** Of numbers: a unit for each column. */
  readonly units?: readonly string[] | undefined
  /** Of pictures: pixels. */
  readonly width?: number | undefined
  /** Of pictures: pixels. */
  readonly height?: number | undefined
  /** Of sound: samples a second. */
  readonly rate?: number | undefined
  /** Of sound: 1 to 32. */
  readonly channels?: number | undefined
  /** Of pictures and sound: `jpeg`, `s16` or `opus`. */
  readonly format?: string | undefined
}

/** What a publisher says of one of its topics. */
export interface TopicOffer extends TopicShape {
  readonly topic: string
  readonly kind: BlockKind
  readonly epoch: number
  /** Values sent in this epoch; the next one has this number. */
  readonly sent: number
  /** Values sent a second, lately; 0 while nothing is sent, for example because nobody watches. */
  readonly perSecond: number
  /** Messages sent a second, lately. */
  readonly messagesPerSecond: number
  /** Bytes of whole messages sent a second, lately. */
  readonly bytesPerSecond: number
  /** Values of this stream that its publisher left out because it was too slow for them; `undefined` where it does not tell. */
  readonly dropped?: number | undefined
  /** The time of the newest value, in seconds since the Unix epoch; `undefined` before the first. */
  readonly time?: number | undefined
  /** The renditions of this stream that its publisher makes on demand, largest first. */
  readonly renditions?: readonly string[] | undefined
}

/** A publisher's answer to the question what it sends. */
export interface TopicList {
  /** The publisher's clock as it answered, in seconds since the Unix epoch. */
  readonly time: number
  /** Drawn at random when the publisher was opened. */
  readonly publisher: number
  /** The version of the publisher's zcast, such as `0.1.0`; `undefined` where it does not tell. */
  readonly version?: string | undefined
  /** Where a relay answers: the relays that its values pass, itself first; each drew its number at random. */
  readonly relays?: readonly number[] | undefined
  /** At most 256 of each publisher. */
  readonly topics: readonly TopicOffer[]
  /** Topics that follow in further messages of the same answer. */
  readonly more: number
}
