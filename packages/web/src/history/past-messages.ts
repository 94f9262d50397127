import type { SelectionFormat } from './past.ts'

/*
 * What the server says to a page that shows the past, besides pictures (`past-picture.ts`) and slices of numbers
 * (`numbers-tile.ts`).
 */

/** How many of something there are in each stretch of the timeline, where there are any. */
export type Marks = readonly (readonly [stretch: number, count: number])[]

/** A topic of the past. */
export interface PastTopic {
  readonly topic: string
  /** `numbers`, `video` and so on. */
  readonly kind: string
}

/** What is kept, once a second while it changes. */
export interface TimelineMessage {
  readonly type: 'timeline'
  readonly isLive: boolean
  readonly formats: readonly SelectionFormat[]
  /** Seconds since the Unix epoch; `null` while nothing is kept. */
  readonly from: number | null
  /** The same of the last. */
  readonly to: number | null
  readonly topics: readonly PastTopic[]
  /** The length of a stretch in seconds: stretch N begins at N times this, in seconds since the Unix epoch. */
  readonly stretchSeconds: number
  /** How many values are missing. */
  readonly losses: Marks
  /** How many lines of the error log there are. */
  readonly lines: Marks
}

/** Everything of a moment has been sent. */
export interface MomentMessage {
  readonly type: 'moment'
  /** The number that the page gave to its question. */
  readonly request: number
  /** Seconds since the Unix epoch; after a step, where it led. */
  readonly time: number
  /** Of the topics that were asked for, those of which nothing is kept at that moment. */
  readonly missing: readonly string[]
}

/** The end of what is kept was reached while playing. */
export interface ReachedMessage {
  readonly type: 'reached'
  /** The number that the page gave to its question. */
  readonly request: number
}

/** Any text message. */
export type PastMessage = TimelineMessage | MomentMessage | ReachedMessage

/** The answer to `/history/lines`: those of the error log around a moment, oldest first. */
export interface PastLines {
  readonly lines: readonly { readonly time: number; readonly line: string }[]
}

/** What somebody said in a chat. */
export interface SaidLine {
  /** Seconds since the Unix epoch at which it came. */
  readonly time: number
  /** Of who said it; empty for what the room itself says. */
  readonly name: string
  readonly text: string
}

/** The answer to `/history/chat`: all that was said, oldest first. */
export interface PastChat {
  readonly said: readonly SaidLine[]
}

/** The answer to a selection that was saved: what to download. */
export interface SavedSelection {
  readonly id: string
  readonly name: string
  readonly bytes: number
}
