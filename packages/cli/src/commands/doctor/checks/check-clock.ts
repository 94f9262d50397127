import { reportDelay } from '@zcast/subscribers/topics'
import { formatTopicName } from '../../topic/columns.ts'
import { formatSpan } from '../format-span.ts'
import { type Finding, fine, warning } from '../finding.ts'
import type { EndpointExam } from '../stream/examine-endpoint.ts'

/** More than this shows in latencies. */
const APART_MS = 50

const ADVICE =
  'let both machines take their time from the network (timedatectl, chrony): latencies are wrong by as much'

/** Checks whether the clocks of publisher and this machine agree. */
export function* checkClock({ endpoint, streams }: EndpointExam): Generator<Finding, void> {
  const clock = streams.find((stream) => stream.clock)?.clock
  if (clock) {
    const { ms, errorMs } = clock
    const measurement = { endpoint, offsetMs: ms, errorMs }
    if (Math.abs(ms) - errorMs > APART_MS)
      yield warning(
        'clocks-differ',
        `the clock of the publisher at ${endpoint} is ${formatSpan(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} the clock here (+- ${formatSpan(errorMs)})`,
        ADVICE,
        measurement,
      )
    else
      yield fine(
        'clock',
        `the clocks of ${endpoint} and of this machine differ by ${formatSpan(ms)} (+- ${formatSpan(errorMs)})`,
        measurement,
      )
    return
  }
  for (const { account, nowMs } of streams) {
    const delay = reportDelay(account, nowMs, undefined)
    const name = formatTopicName(account.topic)
    const measurement = { endpoint, topic: account.topic, min: delay?.min ?? null }
    if (delay?.clocksDiffer)
      yield warning(
        'clocks-differ',
        `values of ${name} arrive ${formatSpan(-(delay.min ?? 0))} before they were made: the clocks differ by that at least`,
        ADVICE,
        measurement,
      )
    else if (delay?.isOld)
      yield warning(
        'clocks-differ',
        `values of ${name} are ${formatSpan(delay.min ?? 0)} old when they arrive: a clock is wrong, or their time is not that of their capture`,
        ADVICE,
        measurement,
      )
  }
}
