import { describeRecording, Recording, type RecordingReport, type TopicFigures } from '@zcast/recording'
import { OptionError } from '@zcast/shared'
import { LineWriter } from '@zcast/subscribers'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import {
  formatBytes,
  formatRate,
  formatTopicName,
  numberColumn,
  TableFormat,
  textColumn,
  topicColumn,
} from '../topic/columns.ts'

/** Reads and checks the options of `zcast info`. @throws {@link OptionError} when one is wrong. */
export function planInfo(args: Arguments): Plan {
  const paths = args.list('files')
  if (paths.length === 0) throw new OptionError('name a recording, such as "zcast info flight.mcap"')
  return {
    role: undefined,
    run: async ({ output, json, log }) => {
      await using recording = await Recording.open(paths, { log })
      const report = await describeRecording(recording)
      const writer = new LineWriter(output)
      await writer.write(json ? `${JSON.stringify(report)}\n` : `${describe(report).join('\n')}\n`)
      await writer.flush()
    },
  }
}

const COLUMNS = [
  topicColumn<TopicFigures>(),
  numberColumn<TopicFigures>('messages', 'VALUES', ({ messages }) => messages, String),
  numberColumn<TopicFigures>('rate', 'VALUES/s', ({ rate }) => rate, formatRate),
  numberColumn<TopicFigures>('lost', 'LOST', ({ lost }) => lost, formatCount),
  numberColumn<TopicFigures>('withheld', 'WITHHELD', ({ withheld }) => withheld, formatCount),
  numberColumn<TopicFigures>('unwritten', 'NOT WRITTEN', ({ unwritten }) => unwritten, formatCount),
  numberColumn<TopicFigures>('epochs', 'STARTS', ({ epochs }) => epochs, formatCount),
  textColumn<TopicFigures>('schema', 'SCHEMA', ({ schema }) => schema),
]

function formatCount(count: number | null): string {
  return count === null ? '-' : String(count)
}

function describe(report: RecordingReport): readonly string[] {
  const { path, files, bytes, from, seconds, topics, gaps, furtherGaps } = report
  const length = from === null ? 'empty' : `${seconds.toFixed(3)} s from ${formatTime(from)}`
  const { head, lines } = new TableFormat(COLUMNS).lines(topics)
  return [
    `${path}: ${describeFiles(files)}${formatBytes(bytes)}, ${length}, ${describeState(report)}`,
    ...(topics.length > 0 ? ['', head, ...lines] : []),
    ...(gaps.length > 0 ? ['', 'missing:'] : []),
    ...gaps.map(({ topic, first, count, time }) => {
      const numbers = count === 1 ? `#${first}` : `#${first} to #${first + count - 1}`
      return `${formatTime(time)}  ${formatTopicName(topic)} ${numbers}`
    }),
    ...(furtherGaps > 0 ? [`and ${furtherGaps} further gaps`] : []),
  ]
}

function describeFiles({ length }: RecordingReport['files']): string {
  return length === 1 ? '' : `${length} files, `
}

function describeState({ isWhole, files, damagedChunks }: RecordingReport): string {
  const chunks = damagedChunks === 1 ? '1 damaged chunk is' : `${damagedChunks} damaged chunks are`
  if (isWhole && damagedChunks > 0) return `${chunks} left out: zcast recover makes a whole file without`
  // Only what its index says was looked at: a damaged value is found when it is read.
  if (isWhole) return files.every(({ isRead }) => isRead) ? 'whole' : 'whole by its index'
  const damaged = damagedChunks === 0 ? '' : ` (${chunks} left out)`
  const cut = files.filter((file) => !file.isWhole).map(({ path }) => path)
  const which = files.length === 1 ? '' : `${cut.join(', ')} `
  return `${which}cut short, or without a good index${damaged}: zcast recover repairs it`
}

function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
