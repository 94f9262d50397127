import {
  type Counts,
  type LatencySummary,
  type NetworkReading,
  parseTopic,
  type Statistics,
  type StatisticsWindow,
  type TopicStatistics,
} from '@zcast/shared'
import type { SubscriberState } from './subscriber-state.ts'

/** A viewer's report on itself, once a second (`stats`) and at its end (`summary`). */
export interface StatisticsReport {
  readonly type: 'stats' | 'summary'
  /** The topic that was subscribed to. */
  readonly topic: string
  /** The subscriber's current or last state. */
  readonly state: SubscriberState
  /** The rendition that is received; `null` for the stream itself. */
  readonly rendition: string | null
  readonly received: number
  /** `null` when a foreign format carries no sequence numbers. */
  readonly lost: number | null
  /** Left out by the publisher for this viewer, because its network could not carry more. */
  readonly withheld: number
  readonly skipped: number
  /** Handed to the sink. */
  readonly delivered: number
  /** Received, but neither delivered nor skipped yet. */
  readonly pending: number
  readonly invalid: number
  readonly unsupported: number
  readonly repeated: number
  /** The repeated values that are not marked as sent again. */
  readonly duplicate: number
  /** Sequence numbers of the newest epoch; `null` before the first value. */
  readonly first: number | null
  readonly last: number | null
  /** Pixels of the newest frame; `null` before the first. */
  readonly width: number | null
  readonly height: number | null
  /** Delivered per second: in the last second for `stats`, over the whole run for `summary`. */
  readonly fps: number
  /**
   * While the network is slower than the stream: the wanted and the carried rate, in values per second; otherwise
   * `null`.
   */
  readonly network: NetworkReading | null
  /** Over the same time; `null` when a latency would be meaningless. */
  readonly latencyMs: LatencySummary | null
  /**
   * When renditions came in place of the topic: the accounts of the topic and of each of them; the counts are their
   * sums.
   */
  readonly topics?: readonly TopicReport[]
}

/** The accounts of one topic of several. */
export interface TopicReport extends Counts {
  readonly topic: string
  /** Sequence numbers of the newest epoch; `null` before the first value. */
  readonly first: number | null
  readonly last: number | null
}

/** The source of the figures: a {@link Subscriber}. */
export interface Reporter {
  readonly statistics: Statistics
  readonly state: SubscriberState
}

/**
 * Reports on a topic. Counts are totals since the start.
 *
 * @param topic - The subscription; for a whole kind (`video/`) the report has the sums.
 * @param window - The period for rate and latency: since it was last read. Default: the whole run.
 */
export function reportStatistics(
  { statistics, state }: Reporter,
  topic: string,
  window?: StatisticsWindow,
): StatisticsReport {
  const { received, lost, withheld, skipped, delivered, pending, invalid, unsupported, repeated, duplicate } =
    statistics.counts()
  const accounts = statistics.topics.get(topic)
  const renditions = statistics.renditionsOf(topic)
  const reading = window?.read()
  return {
    type: window ? 'stats' : 'summary',
    topic,
    state,
    rendition: renditionOf(statistics, topic),
    received,
    lost,
    withheld,
    skipped,
    delivered,
    pending,
    invalid,
    unsupported,
    repeated,
    duplicate,
    ...reportRange(accounts),
    width: accounts?.width || null,
    height: accounts?.height || null,
    fps: Math.round((reading?.rate ?? statistics.rate) * 10) / 10,
    network: statistics.network ?? null,
    latencyMs: reading ? reading.latency : statistics.latency.summary(),
    ...(accounts &&
      renditions.length > 0 && { topics: [[topic, accounts] as const, ...renditions].map(reportTopic) }),
  }
}

/**
 * The rendition that is received of a topic, whether it was requested by name or chosen automatically; `null` for none.
 */
export function renditionOf(statistics: Statistics, topic: string): string | null {
  return statistics.topics.get(topic)?.rendition ?? parseTopic(topic)?.rendition ?? null
}

/** The accounts of one topic. */
export function reportTopic([topic, accounts]: readonly [string, TopicStatistics]): TopicReport {
  return { topic, ...accounts.counts(), ...reportRange(accounts) }
}

function reportRange(accounts?: TopicStatistics): Pick<TopicReport, 'first' | 'last'> {
  const { first, last } = accounts?.sequence.totals() ?? { first: -1, last: -1 }
  return first < 0 ? { first: null, last: null } : { first, last }
}

/**
 * Formats the last line of every subscriber, such as `received 116, lost 4, skipped 0, invalid 480, 19.9/s, latency p50
 * 0.4 ms p99 1.2 ms`; with its state when that is not `live`, for example because the publisher is gone or refuses, and
 * with the withheld and duplicate values if there are any.
 */
export function formatSummary({ statistics, state }: Reporter): string {
  const { received, lost, withheld, skipped, invalid, duplicate } = statistics.counts()
  const leftOut = withheld > 0 ? `, withheld ${withheld}` : ''
  const counts = `received ${received}, lost ${lost ?? 'unknown'}${leftOut}, skipped ${skipped}, invalid ${invalid}`
  const again = duplicate === 0 ? '' : `, duplicate ${duplicate}`
  return `${counts}${again}, ${statistics.rate.toFixed(1)}/s${formatLatency(statistics)}${state === 'live' ? '' : `, ${state}`}`
}

function formatLatency({ latency }: Statistics): string {
  if (latency.clocksDiffer) return ', clocks differ'
  const summary = latency.summary()
  return summary ? `, latency p50 ${summary.p50.toFixed(1)} ms p99 ${summary.p99.toFixed(1)} ms` : ''
}
