import { KINDS, OptionError, parseTopic } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import { runSubscription } from '../../subscription/run.ts'
import type { WatchPlan } from './watch-plan.ts'

/** Shows the pictures of one topic in the terminal. @throws {@link OptionError} when it is not one topic of pictures. */
export async function showPictures(
  context: CommandContext,
  { topics, bind, connect, format, heartbeatMs, maxMessageBytes, keys }: WatchPlan,
  count: number,
): Promise<void> {
  const [topic = '', ...others] = topics
  if (others.length > 0 || parseTopic(topic)?.kind !== 'video')
    throw new OptionError(`show takes one topic of pictures, such as video/main, got "${topics.join(', ')}"`)
  const { OneStreamSink, TerminalSink } = await import('@zcast/subscribers/pictures')
  const terminal = new TerminalSink({ title: topic, onQuit: context.shutdown })
  context.redirectNotices(({ message }) => terminal.tell(message))
  await runSubscription(
    context,
    {
      topics: [topic],
      bind,
      ...(format && { format }),
      connect,
      delivery: KINDS.video.delivery,
      maxMemoryBytes: undefined,
      maxValues: Number.isFinite(count) ? count : undefined,
      heartbeatMs,
      maxMessageBytes,
      keys,
    },
    { sink: new OneStreamSink(terminal, () => undefined) },
  )
}
