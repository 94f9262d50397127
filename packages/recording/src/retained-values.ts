import type { Envelope } from '@zcast/shared'
import type { History } from '@zcast/subscribers'
import { isSlow, isState } from './latest-values.ts'
import { toNanoseconds } from './recording-time.ts'

/** The values of a history that held at a moment, of topics that had sent nothing for a while. */
export async function* retainedValues(
  history: History,
  moment: number,
  wants: (topic: string) => boolean = () => true,
): AsyncGenerator<Envelope> {
  for (const { topic } of history.topics()) {
    const latest = wants(topic) ? await history.latest(topic, moment) : undefined
    if (!latest || !isState(latest.envelope)) continue
    if (isSlow(toNanoseconds(latest.recordedAt), toNanoseconds(moment))) yield latest.envelope
  }
}
