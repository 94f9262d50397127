import { formatTopicName } from '../../topic/columns.ts'
import { formatSpan } from '../format-span.ts'
import { type Finding, problem, warning } from '../finding.ts'
import type { MeasuredStream } from '../stream/measured-stream.ts'
import type { Gaps } from '../stream/stream-measure.ts'

/** Silences that one alone may be an accident. */
const LEAST_GAPS = 2
const LONG_MS = 1000

/** After a block on the way, what waited comes at once: half of it is proof enough. */
const CAUGHT_UP = 0.5

/** Checks whether the publisher is fast enough: whether values are missing where they are made. */
export function* checkCapture({ account, measure, droppedBefore }: MeasuredStream): Generator<Finding, void> {
  const { topic, endpoint, offer } = account
  const name = formatTopicName(topic)
  const dropped = (offer?.dropped ?? 0) - droppedBefore
  if (dropped > 0)
    yield problem(
      'publisher-slow',
      `the publisher of ${name} is too slow: it left out ${dropped} values in ${formatSpan(measure.spanMs)}`,
      'make its pictures smaller (--width, --fps, --quality), or give it more of the processor',
      { topic, endpoint, dropped, ms: measure.spanMs },
    )
  const atCapture = measure.captureGaps
  if (atCapture) {
    if (isMany(atCapture)) yield describeCaptureGaps(name, atCapture, { topic, endpoint })
    return
  }
  const onArrival = measure.arrivalGaps
  if (!onArrival || !isMany(onArrival)) return
  const measurement = { topic, endpoint, ...onArrival, caughtUp: measure.caughtUp }
  yield measure.caughtUp >= CAUGHT_UP
    ? problem(
        'network-stalls',
        `${name} was held up on its way ${countGaps(onArrival)}, and what waited then came at once`,
        'look at the network, or at how busy both machines are',
        measurement,
      )
    : problem(
        'publisher-gaps',
        `the publisher of ${name} sent nothing ${countGaps(onArrival)}, and nothing more afterwards`,
        'look at what its program waits for: a camera, a disk, a busy processor',
        measurement,
      )
}

function describeCaptureGaps(name: string, gaps: Gaps, where: Readonly<Record<string, string>>): Finding {
  const sentence = `the publisher of ${name} made nothing ${countGaps(gaps)}, by the times of its values`
  const advice = 'look at what it waits for: its camera or file, its disk, a busy processor'
  return name.startsWith('numbers/')
    ? warning('publisher-gaps', sentence, advice, { ...where, ...gaps })
    : problem('publisher-gaps', sentence, advice, { ...where, ...gaps })
}

function isMany({ count, longestMs }: Gaps): boolean {
  return count >= LEAST_GAPS || longestMs >= LONG_MS
}

function countGaps({ count, longestMs, usualMs }: Gaps): string {
  return `${count === 1 ? 'once' : `${count} times`} for up to ${formatSpan(longestMs)} (usual are ${formatSpan(usualMs)})`
}
