import type { Notice } from '@zcast/shared'
import type { SubscriberState } from '@zcast/subscribers'
import type { DashboardStream } from '../dashboard/dashboard-feed.ts'
import type { NewLines } from '../dashboard/log-lines.ts'
import type { ReaderReport } from '../pictures/reader-credit.ts'
import type { KindOfPast } from '../history/past.ts'
import type { SoundListenerReport } from '../sound/sound-listener.ts'
import type { ViewerReport } from './stream-reports.ts'

/**
 * What the server says to its pages, besides pictures (`picture-message.ts`), sound (`sound-message.ts`) and slices of numbers
 * (`encode-slices.ts`):
 * the one description that the scripts of the pages are checked against too.
 */

/** How a viewer is doing, and what this page gets of it, once a second. */
export interface ReportMessage extends ViewerReport {
  readonly type: 'report'
  readonly reader: ReaderReport
  readonly sound: SoundReport
  readonly past: KindOfPast
}

/** What a page can play, and how. */
export interface SoundReport {
  /** The time after its own at which each picture and sound is due, in milliseconds. */
  readonly delayMs: number
  /** The topics of the streams of sound. */
  readonly streams: readonly string[]
}

/** Which renditions of the stream there are, the largest first, and which is sent; `whole` is the stream as it is. */
export interface RenditionsMessage {
  readonly type: 'renditions'
  readonly names: readonly string[]
  readonly shown: string
}

/** What failed in the process lately, oldest first. */
export interface NoticesMessage {
  readonly type: 'notices'
  readonly notices: readonly Notice[]
}

/** The answer to `clock T`. */
export interface ClockMessage {
  readonly type: 'clock'
  /** The `T` of the question. */
  readonly asked: number
  /** The time here, in seconds since the Unix epoch. */
  readonly time: number
}

/** Any text message. */
export type TextMessage = ReportMessage | RenditionsMessage | NoticesMessage | ClockMessage

/** What `/stats.json` of a dashboard tells. */
export interface DashboardReport {
  readonly title: string
  readonly streams: readonly DashboardStream[]
  /** The states of the subscriptions that have no stream yet. */
  readonly waiting: readonly SubscriberState[]
  readonly log: NewLines
  /** The pages and other readers of pictures. */
  readonly readers: readonly ReaderReport[]
  readonly sound: SoundReport & { readonly listeners: readonly SoundListenerReport[] }
  readonly notices: readonly Notice[]
  readonly past: KindOfPast
}
