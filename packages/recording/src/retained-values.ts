import type { History } from '@zcast/subscribers'
import { LatestValues } from './latest-values.ts'

/** The values of a history that held at a moment, and came before it. */
export async function retainedValues(
  history: History,
  moment: number,
  wants: (topic: string) => boolean = () => true,
): Promise<LatestValues> {
  const values = new LatestValues()
  for (const { topic } of history.topics()) {
    const latest = wants(topic) ? await history.latest(topic, moment) : undefined
    // One that came at that very moment is none of the time before it.
    if (latest && (latest.isRetained || latest.recordedAt < moment)) values.note(latest.envelope)
  }
  return values
}
