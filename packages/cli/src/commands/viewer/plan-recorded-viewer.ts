import { once } from 'node:events'
import type { Recording } from '@zcast/recording'
import { OptionError, Statistics, StreamError } from '@zcast/shared'
import { checkSubscription, matchesSubscription } from '@zcast/shared/internal'
import type { Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { RecordedPast } from '../../history/recorded-past.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planPageAccess } from '../../options/pages/page-access.ts'
import { PAGE_PORT } from '../../options/pages/page-ports.ts'
import { isRecordingPath } from '../../options/recording-path.ts'
import { checkNewFile } from '../../options/check-new-file.ts'
import type { Plan } from '../../command.ts'
import { openViewerSink } from './viewer-sinks.ts'

/** Those of what comes now. */
const LIVE_LISTS = ['connect', 'audio', 'allow']
const LIVE_TEXTS = [
  'bind',
  'format',
  'rendition',
  'snapshot',
  'timeout',
  'history',
  'history-size',
  'sync',
  'linger',
  'curve',
  'server-key',
  'since',
  'delivery',
  'messages',
]

/** Plans `zcast viewer N FILE...`. @throws {@link OptionError} when an option is wrong. */
export async function planRecordedViewer(
  args: Arguments,
  { number, files }: { readonly number: number; readonly files: readonly string[] },
): Promise<Plan> {
  const other = files.find((word) => !isRecordingPath(word))
  if (other !== undefined)
    throw new OptionError(`"${other}" is no recording: name a .mcap file, or a folder/`)
  const live =
    LIVE_LISTS.find((name) => args.list(name).length > 0) ??
    LIVE_TEXTS.find((name) => args.text(name) !== undefined)
  if (live !== undefined) throw new OptionError(`${live} is for what is live, not for a recording`)
  checkNewFile(args.text('record'))
  const wanted = args.list('topic').map((topic) => checkSubscription(topic))
  const show = args.text('show') ?? 'web'
  const access = await planPageAccess(args)
  const past = show === 'web' ? new RecordedPast(files) : undefined
  const sink = await openViewerSink({
    title: `Client ${number}`,
    show,
    port: args.port('port') ?? PAGE_PORT + number,
    access,
    lingerMs: undefined,
    syncDelayMs: undefined,
    save: args.text('save'),
    record: args.text('record'),
    past: past && { past, sink: (shown) => shown },
  })
  return {
    role: `viewer ${number}`,
    run: async (context) => {
      if (access.warning !== undefined) context.log.warning(access.warning)
      await using opened = past ?? new RecordedPast(files)
      const recording = await opened.open(context.log)
      const topics = pictureTopics(recording, wanted)
      const { sink: shown, onOpen } = sink.start(context)
      await shown.open({ statistics: new Statistics(), state: () => 'live', ...context })
      try {
        if (past) await tellStreams(shown, recording, topics)
        const told = onOpen()
        if (told !== undefined) context.status(told)
        context.ready(told)
        if (!past) await playThrough(context, shown, recording, topics)
        else if (!context.signal.aborted) await once(context.signal, 'abort')
      } finally {
        await shown.close()
      }
      sink.check()
    },
  }
}

function pictureTopics(recording: Recording, wanted: readonly string[]): readonly string[] {
  const topics = recording
    .topics()
    .map(({ topic }) => topic)
    .filter((topic) => topic.startsWith('video') && recording.hasValues(topic))
    .filter((topic) => wanted.length === 0 || wanted.some((own) => matchesSubscription(topic, own)))
  if (topics.length > 0) return topics
  throw new StreamError(
    'ERR_SILENT',
    `${wanted.join(', ') || 'a topic of video'} is not in ${recording.path}`,
  )
}

/** The page plays by its timeline; it only has to know which streams there are. */
async function tellStreams(shown: Sink, recording: Recording, topics: readonly string[]): Promise<void> {
  for (const topic of topics)
    for await (const { envelope } of recording.blocks({ topics: [topic] })) {
      await shown.write(envelope)
      break
    }
}

/** Shows it from its beginning to its end, at its own pace. */
async function playThrough(
  context: CommandContext,
  shown: Sink,
  recording: Recording,
  topics: readonly string[],
): Promise<void> {
  const { Player } = await import('@zcast/recording')
  let count = 0
  await new Player(recording, { topics }).run(async ({ dueAt, envelope }) => {
    await shown.write({ ...envelope, block: { ...envelope.block, time: dueAt } })
    count += 1
  }, context.signal)
  context.summary(`showed ${count} pictures`)
}
