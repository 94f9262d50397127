import { Distribution, type DistributionSummary } from '../distribution.ts'
import type { TopicAccount } from '../topic-account.ts'

/** Intervals in milliseconds; `null` where there was none. */
export interface IntervalReport {
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly deviation: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
}

/** How often a topic comes, and how evenly. The intervals of the report itself are those of the arrivals of messages. */
export interface HzReport extends IntervalReport {
  readonly type: 'hz'
  readonly topic: string
  /** Values a second that arrive; `null` before the second message. */
  readonly rate: number | null
  /** Messages a second that arrive: fewer, where values share them. */
  readonly messages: number | null
  /** The same by the times and numbers that values carry: as they were made. `null` where they carry no time. */
  readonly time: (IntervalReport & { readonly rate: number | null }) | null
  /** Values that came since the beginning. */
  readonly received: number
  /** Values that did not; `null` where the format has no numbers. */
  readonly lost: number | null
  readonly restarts: number
  /** Milliseconds since the last message; `null` before the first. */
  readonly silent: number | null
  /** True while more comes than can be read here: the rate is then that of the reading. */
  readonly behind: boolean
}

const NONE: IntervalReport = {
  mean: null,
  min: null,
  max: null,
  deviation: null,
  p50: null,
  p90: null,
  p99: null,
}

/** Reports how often a topic came in its window. @param behind - True while more comes than can be read. */
export function reportHz(account: TopicAccount, nowMs: number, behind: boolean): HzReport {
  const slices = account.window.slices(nowMs)
  const arrivals = Distribution.summarize(slices.map((slice) => slice.arrivals))
  const times = Distribution.summarize(slices.map((slice) => slice.times))
  const silent = account.silentMs(nowMs) ?? null
  const messages = arrivals ? messagesPerSecond(arrivals, silent ?? 0) : null
  const values = slices.reduce((sum, slice) => sum + slice.values, 0)
  const count = slices.reduce((sum, slice) => sum + slice.sizes.count, 0)
  const sentValues = slices.reduce((sum, slice) => sum + slice.sentValues, 0)
  const sentMs = slices.reduce((sum, slice) => sum + slice.sentMs, 0)
  const hasTime = account.newestTime !== undefined
  return {
    type: 'hz',
    topic: account.topic,
    rate: messages === null ? null : (messages * values) / Math.max(count, 1),
    messages,
    ...intervals(arrivals),
    time: hasTime ? { rate: sentMs > 0 ? (sentValues * 1000) / sentMs : null, ...intervals(times) } : null,
    received: account.values,
    lost: account.lost,
    restarts: account.restarts,
    silent,
    behind,
  }
}

/** After a silence that is no interval of the stream, the rate falls; it does not stay as it was. */
function messagesPerSecond(
  { count, mean, max, deviation }: DistributionSummary,
  silentMs: number,
): number | null {
  const isSilent = silentMs > Math.max(3 * mean, max)
  // What comes in bursts is between two of them now, and that is no less a part of the time.
  const isInBursts = deviation > mean
  const spanMs = count * mean + (isSilent || isInBursts ? silentMs : 0)
  return spanMs > 0 ? (count * 1000) / spanMs : null
}

function intervals(summary: DistributionSummary | undefined): IntervalReport {
  if (!summary) return NONE
  const { mean, min, max, deviation, p50, p90, p99 } = summary
  return { mean, min, max, deviation, p50, p90, p99 }
}
