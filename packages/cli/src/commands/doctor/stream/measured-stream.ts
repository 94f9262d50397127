import type { ClockOffset, TopicAccount } from '@zcast/subscribers/topics'
import type { StreamMeasure } from './stream-measure.ts'

/** A stream that was received for a while. */
export interface MeasuredStream {
  readonly account: TopicAccount
  readonly measure: StreamMeasure
  /** How far the publisher's clock is from the one here; `undefined` where it does not tell. */
  readonly clock: ClockOffset | undefined
  /** What its publisher had left out before the measuring. */
  readonly droppedBefore: number
  /** A monotonic time at the end of the measuring. */
  readonly nowMs: number
}
