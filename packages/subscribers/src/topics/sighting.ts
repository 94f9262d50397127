import type { Message } from '@zcast/shared'
import type { MessageLook } from './look/message-look.ts'

/** What the envelope of a message says. Its content is not read. */
export interface Sighting {
  /** The topic; `''` where the message names none. */
  readonly topic: string
  /** Values in the message: rows of numbers, otherwise 1. */
  readonly values: number
  /** Of the whole message. */
  readonly bytes: number
  /** `undefined` where the format has none: what was lost is then unknown. */
  readonly epoch?: number | undefined
  /** `undefined` where the format has none: what was lost is then unknown. */
  readonly seq?: number | undefined
  /** Seconds since the Unix epoch, of the first value; `undefined` where the format has none. */
  readonly time?: number | undefined
  /** Seconds between the values, where the message says so. */
  readonly interval?: number | undefined
  /** An earlier value that was sent again. */
  readonly retained?: boolean | undefined
  /** Values right before it that were left out on purpose, and are not lost. */
  readonly withheld?: number | undefined
  /** True for a topic of zcast's own format, which is matched whole; others are matched by how they begin. */
  readonly isOwn: boolean
}

/**
 * Reads messages as far as they must be read to be counted, and looks closer at some of them. Each format has its own;
 * {@link AnyReader} tells formats apart by themselves.
 */
export interface SightReader {
  /** @returns `undefined` for what is no value of a topic, such as an answer, or breaks the format. Never throws. */
  sight(message: Message): Sighting | undefined

  /** What to subscribe to for a topic, where that is not the topic itself; a character for each byte. */
  prefixes?(topic: string): readonly string[]

  /** What a message looks like; slower, and asked once a second for each topic. Never throws. */
  look(message: Message): MessageLook
}
