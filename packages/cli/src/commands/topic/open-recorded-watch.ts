import { Recording } from '@zcast/recording'
import { StreamError } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import { warnOfDamage } from '../../history/warn-of-damage.ts'
import type { OpenWatch, WatchOptions } from './open-watch.ts'
import { RecordedWatch } from './recorded-watch.ts'
import type { WatchPlan } from './watch-plan.ts'

/** Counts everything in recordings, as {@link openWatch} does what comes. */
export async function openRecordedWatch(
  { log, signal }: CommandContext,
  { files, topics }: WatchPlan,
  { onMessage, until }: WatchOptions,
): Promise<OpenWatch> {
  await using recording = await Recording.open(files, { log })
  const watch = new RecordedWatch(recording, topics)
  await watch.read(until ? AbortSignal.any([signal, until]) : signal, onMessage)
  warnOfDamage(recording, log)
  const has = recording.topics().map(({ topic }) => topic)
  const { path } = recording
  return {
    watch,
    live: undefined,
    nowMs: () => watch.nowMs,
    failForNothing: (what) => {
      throw new StreamError(
        'ERR_SILENT',
        has.length === 0
          ? `there is nothing in ${path}`
          : `${what} is not in ${path}: it has ${has.slice(0, 20).join(', ')}`,
      )
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
