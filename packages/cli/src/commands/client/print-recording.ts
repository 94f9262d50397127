import { Recording } from '@zcast/recording'
import { type Envelope, OptionError, Statistics, StreamError, valueCount } from '@zcast/shared'
import { matchesSubscription, sliceRows } from '@zcast/shared/internal'
import type { Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { warnOfDamage } from '../../history/warn-of-damage.ts'

/** What is printed of a recording. */
interface Printed {
  readonly sink: Sink
  /** Topics, or `numbers/`; empty for all numbers. */
  readonly wanted: readonly string[]
  /** Arrays that are printed at most. */
  readonly most: number | undefined
  /** True when the output has room for one topic. */
  readonly isOne: boolean
}

/**
 * Prints the numbers of recordings as fast as they are taken.
 *
 * @throws {@link OptionError} when there are more topics than the output has room for.
 * @throws {@link StreamError} `ERR_SILENT` when there are none.
 */
export async function printRecording(
  context: CommandContext,
  files: readonly string[],
  { sink, wanted, most = Number.POSITIVE_INFINITY, isOne }: Printed,
): Promise<void> {
  const { log, signal } = context
  await using recording = await Recording.open(files, { log })
  const topics = recording
    .topics()
    .map(({ topic }) => topic)
    .filter((topic) => topic.startsWith('numbers/') && recording.hasValues(topic))
    .filter((topic) => wanted.length === 0 || wanted.some((own) => matchesSubscription(topic, own)))
  if (topics.length === 0)
    throw new StreamError(
      'ERR_SILENT',
      `${wanted.join(', ') || 'a topic of numbers'} is not in ${recording.path}`,
    )
  if (isOne && topics.length > 1)
    throw new OptionError(`csv holds one stream: name it with topic, of ${topics.join(', ')}`)
  await sink.open({ statistics: new Statistics(), state: () => 'live', log, notices: context.notices })
  context.ready()
  let printed = 0
  try {
    for await (const { envelope } of recording.blocks({ topics })) {
      const part = firstRows(envelope, most - printed)
      await sink.write(part)
      printed += valueCount(part.block)
      if (printed >= most || signal.aborted) break
    }
  } finally {
    await sink.close()
  }
  warnOfDamage(recording, log)
  context.summary(`printed ${printed} values`)
}

function firstRows(envelope: Envelope, most: number): Envelope {
  const { block } = envelope
  return block.kind === 'numbers' && block.rows > most
    ? { ...envelope, block: sliceRows(block, 0, most) }
    : envelope
}
