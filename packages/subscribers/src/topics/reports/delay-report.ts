import type { ClockOffset } from '../clock-offset.ts'
import { Distribution, type DistributionSummary } from '../distribution.ts'
import type { TopicAccount } from '../topic-account.ts'

/** A column of a histogram of delays. */
export interface DelayColumn {
  /** Milliseconds; `null` for the last column, which has no end. */
  readonly below: number | null
  readonly count: number
}

/**
 * How long values take from their time (a live value's capture) to here, in milliseconds. Where the publisher tells its
 * clock, `mean` to `p99` are without the difference between the clocks; otherwise they contain it.
 */
export interface DelayReport {
  readonly type: 'delay'
  readonly topic: string
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly deviation: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  /** The publisher's clock minus the one here; `null` where it does not tell. */
  readonly offset: number | null
  /** The offset is that, plus or minus this. */
  readonly error: number | null
  /** True when values arrive before they were made: the clocks differ, and by how much is not known. */
  readonly clocksDiffer: boolean
  /** True when values are older than an hour: their time is not that of their capture, or the clocks differ by as much. */
  readonly isOld: boolean
  /** How much more than the shortest delay: what queues and the network vary by, whatever the clocks say. */
  readonly above: {
    readonly p50: number
    readonly p90: number
    readonly p99: number
    readonly max: number
  } | null
  readonly histogram: readonly DelayColumn[]
  /** Messages in the window. */
  readonly count: number
}

/** Bounds of the histogram in milliseconds. */
const BOUNDS: readonly number[] = [
  -1000, -100, -10, -1, 0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000,
]

/** A delay below this is impossible, as clocks are read to a millisecond or so. */
const IMPOSSIBLE_MS = -2

/** No way is so long. */
const OLD_MS = 3_600_000

/**
 * Reports the delays in the window.
 *
 * @param clock - What is known of the publisher's clock.
 * @returns `undefined` for a topic whose messages carry no time.
 */
export function reportDelay(
  account: TopicAccount,
  nowMs: number,
  clock: ClockOffset | undefined,
): DelayReport | undefined {
  if (account.newestTime === undefined) return undefined
  const delays = account.window.slices(nowMs).map((slice) => slice.delays)
  const summary = Distribution.summarize(delays)
  const offset = clock?.ms ?? 0
  const figure = (of: keyof DistributionSummary): number | null => (summary ? summary[of] + offset : null)
  return {
    type: 'delay',
    topic: account.topic,
    mean: figure('mean'),
    min: figure('min'),
    max: figure('max'),
    deviation: summary?.deviation ?? null,
    p50: figure('p50'),
    p90: figure('p90'),
    p99: figure('p99'),
    offset: clock?.ms ?? null,
    error: clock?.errorMs ?? null,
    clocksDiffer: summary !== undefined && summary.min + offset + (clock?.errorMs ?? 0) < IMPOSSIBLE_MS,
    isOld: summary !== undefined && summary.min + offset > OLD_MS,
    above: summary ? above(summary) : null,
    histogram: summary ? histogram(delays, offset) : [],
    count: summary?.count ?? 0,
  }
}

function above({ min, p50, p90, p99, max }: DistributionSummary): DelayReport['above'] {
  return { p50: p50 - min, p90: p90 - min, p99: p99 - min, max: max - min }
}

/** Without the empty columns at either end. */
function histogram(delays: readonly Distribution[], offset: number): DelayColumn[] {
  const counts = Distribution.histogram(
    delays,
    BOUNDS.map((bound) => bound - offset),
  )
  const columns = counts.map((count, index): DelayColumn => ({ below: BOUNDS[index] ?? null, count }))
  const first = columns.findIndex(({ count }) => count > 0)
  const last = columns.findLastIndex(({ count }) => count > 0)
  return first === -1 ? [] : columns.slice(first, last + 1)
}
