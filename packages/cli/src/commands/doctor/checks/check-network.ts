import { reportDelay, reportHz } from '@zcast/subscribers/topics'
import { formatBytes, formatTopicName } from '../../topic/columns.ts'
import { formatSpan } from '../format-span.ts'
import { type Finding, problem, warning } from '../finding.ts'
import type { MeasuredStream } from '../stream/measured-stream.ts'

/** Delays that grow by this share of the time are no jitter. */
const GROWTH_SHARE = 0.1
const LEAST_GROWTH_MS = 300

/** Less than this share of what is sent arrives. */
const CARRIED_SHARE = 0.95

/** Who watches notices a delay of this length. */
const LATE_MS = 1000

/** Checks whether the network carries what is sent, and as fast as it is sent. */
export function* checkNetwork({ account, measure, clock, nowMs }: MeasuredStream): Generator<Finding, void> {
  const { topic, endpoint, lost } = account
  const name = formatTopicName(topic)
  const { time, messages } = reportHz(account, nowMs, false)
  const { carried, delayGrowthMs, spanMs } = measure
  const isGrowing = delayGrowthMs > Math.max(LEAST_GROWTH_MS, GROWTH_SHARE * spanMs)
  const perValue = account.bytes / Math.max(account.values, 1)
  const wanted = time?.rate === null || time?.rate === undefined ? undefined : time.rate * perValue
  const isLess =
    (lost ?? 0) > 0 && wanted !== undefined && carried !== undefined && carried < CARRIED_SHARE * wanted
  const measurement = {
    topic,
    endpoint,
    wanted: wanted ?? null,
    carried: carried ?? null,
    lost,
    delayGrowthMs,
    messages,
  }
  if (isGrowing && clock && clock.newestWayMs < delayGrowthMs / 2) {
    // Questions are answered at once, on the same connection: nothing waits on the way.
    yield problem(
      'publisher-late',
      `the publisher of ${name} is too slow: it sends values later and later, by ${formatSpan(delayGrowthMs)} in ${formatSpan(spanMs)}, while the network answers in ${formatSpan(clock.newestWayMs)}`,
      'make its pictures smaller (--width, --fps, --quality), or give it more of the processor',
      measurement,
    )
    return
  }
  if ((isGrowing || isLess) && wanted !== undefined && carried !== undefined) {
    const signs = [
      ...(isLess ? [`${lost} values were lost`] : []),
      ...(isGrowing ? [`delays grew by ${formatSpan(delayGrowthMs)}`] : []),
    ]
    yield problem(
      'network-slow',
      `the network from ${endpoint} is too slow for ${name}: wanted ${formatBytes(wanted)}/s, carried ${formatBytes(carried)}/s, ${signs.join(' and ')} in ${formatSpan(spanMs)}`,
      'send less (publish --width, --quality, --fps), watch a smaller rendition (viewer --rendition auto), or use a faster network',
      measurement,
    )
    return
  }
  if ((lost ?? 0) > 0)
    yield warning(
      'lost',
      `${lost} values of ${name} were lost in ${formatSpan(spanMs)}`,
      'a queue was full for a moment: look at how busy both machines are',
      measurement,
    )
  const delay = reportDelay(account, nowMs, clock)
  if (delay && clock && !delay.isOld && delay.p50 !== null && delay.p50 > LATE_MS)
    yield warning(
      'late',
      `${name} arrives ${formatSpan(delay.p50)} after its capture, while the network answers in ${formatSpan(clock.newestWayMs)}`,
      'look for what holds values back: a source that is behind, a relay, a full queue',
      { topic, endpoint, p50: delay.p50, wayMs: clock.newestWayMs },
    )
}
