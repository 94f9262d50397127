import { existsSync, rmSync } from 'node:fs'
import { Recording } from '@zcast/recording'
import { OptionError, SinkError, Statistics, StreamError, valueCount } from '@zcast/shared'
import type { Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { findRange, formatTime, type PlayRange } from '../play/play-range.ts'
import { warnOfDamage } from '../../history/warn-of-damage.ts'
import { ExportProgress } from './export-progress.ts'
import type { ExportFormat } from './export-format.ts'
import { openExport } from './open-export.ts'

/** What is exported, checked. */
export interface ExportPlan {
  readonly paths: readonly string[]
  readonly format: ExportFormat
  readonly topic: string
  /** `undefined` for standard output. */
  readonly path: string | undefined
  readonly range: PlayRange
}

/** The part of a recording that is exported. */
interface Selected {
  readonly topics: readonly string[]
  /** Seconds since the Unix epoch. */
  readonly from: number
  readonly to: number
}

/**
 * Writes the values of a topic of a recording.
 *
 * @throws {@link OptionError} when it has no such topic; {@link StreamError} when nothing, or not all, could be written.
 */
export async function runExport(context: CommandContext, plan: ExportPlan): Promise<void> {
  const { log } = context
  const { topic, path } = plan
  await using recording = await Recording.open(plan.paths, { log })
  checkTopic(recording, topic)
  const { from = 0, to = 0 } = recording
  const range = findRange(plan.range, { from, to })
  const { sink, topics, missing } = await openExport(context, plan, recording)
  await sink.open({ statistics: new Statistics(), state: () => 'live', log })
  const values = await pourAll(context, plan, { recording, sink, selected: { topics, ...range } })
  if (values === 0) throw nothingOf(topic, plan.range)
  warnOfDamage(recording, log)
  const incomplete = missing?.()
  if (incomplete !== undefined) throw new SinkError(incomplete)
  if (path === undefined) return
  if (context.json) context.output.write(`${JSON.stringify({ type: 'export', topic, path, values })}\n`)
  context.summary(`wrote ${values} ${values === 1 ? 'value' : 'values'} of ${topic} to ${path}`)
}

function nothingOf(topic: string, { from, to }: PlayRange): StreamError {
  const message =
    from === undefined && to === undefined
      ? `the recording has no value of ${topic} of its own, and nothing is written`
      : `there is nothing of ${topic} in that time, and nothing is written`
  return new StreamError('ERR_SILENT', message)
}

/** @returns How many values of the topic were written. */
async function pourAll(
  context: CommandContext,
  plan: ExportPlan,
  reading: { readonly recording: Recording; readonly sink: Sink; readonly selected: Selected },
): Promise<number> {
  const { recording, sink, selected } = reading
  const { topic, path = 'standard output' } = plan
  const { signal } = context
  const progress = new ExportProgress(context, path)
  const seconds = Math.max(selected.to - selected.from, 1e-9)
  let values = 0
  try {
    for await (const { recordedAt, envelope } of recording.blocks(selected)) {
      if (signal.aborted) {
        await sink.close()
        // A reader of standard output that has enough, such as head, ends it well.
        if (plan.path !== undefined || context.interrupted())
          throw new SinkError(`${path} ends at ${formatTime(recordedAt)}: the export was stopped there`)
        break
      }
      await sink.write(envelope)
      if (envelope.topic === topic) values += valueCount(envelope.block)
      progress.tell((recordedAt - selected.from) / seconds)
    }
    await sink.close()
    return values
  } catch (error) {
    await closeAfterFailure(context, sink, plan)
    throw error
  } finally {
    progress.end()
  }
}

/** What came before stays, where that is a whole file. */
async function closeAfterFailure(
  { log }: CommandContext,
  sink: Sink,
  { path, format }: ExportPlan,
): Promise<void> {
  const isClosed = await sink.close().then(
    () => true,
    () => false,
  )
  if (path === undefined || !existsSync(path)) return
  if (!isClosed && format.name === 'parquet') rmSync(path, { force: true })
  else log.warning(`${path} is not complete: it has what came before`)
}

function checkTopic(recording: Recording, topic: string): void {
  const topics = recording.topics().map((known) => known.topic)
  if (topics.includes(topic)) return
  const has = topics.length === 0 ? 'it is empty' : `it has ${topics.slice(0, 20).join(', ')}`
  throw new OptionError(`${recording.path} has no topic ${topic}: ${has}`, { code: 'ERR_TOPIC' })
}
