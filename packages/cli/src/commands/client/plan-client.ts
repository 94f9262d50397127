import { OptionError } from '@zcast/shared'
import { checkSubscription } from '@zcast/shared/internal'
import {
  clientNumber,
  ColumnSink,
  ConsoleSink,
  CountingSink,
  CsvSink,
  findSelection,
  type Selection,
  type Sink,
} from '@zcast/subscribers'
import { isRecordingPath } from '../../options/recording-path.ts'
import { planSubscription, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readColumns } from '../../options/sources/numbers-format.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast client`. @throws {@link OptionError} when one is wrong. */
export async function planClient(args: Arguments): Promise<Plan> {
  const named = args.text('which')
  const isFile = named !== undefined && isRecordingPath(named)
  const which = isFile ? undefined : named
  const files = [...(isFile ? [named] : []), ...args.list('files')]
  const others = files.filter((word) => !isRecordingPath(word))
  if (others.length > 0)
    throw new OptionError(`unexpected argument "${others.join(', ')}": see "zcast help client"`)
  const columns = readColumns(args, 'select')
  if (which !== undefined && columns !== undefined && which !== '3' && which !== 'all')
    throw new OptionError(`give either "client ${which}" or select, not both`)
  if (which === undefined && columns === undefined)
    throw new OptionError('name a client: 1 (even), 2 (odd) or 3 (all), or columns, as in --select temp,hum')
  const selection = findSelection(which ?? 'all')
  const csv = args.flag('csv') ?? false
  if (files.length > 0) return planRecorded(args, { files, selection, columns, csv })
  const plan = await planSubscription(args, { kind: 'numbers', delivery: 'all' })
  if (csv) refuseForCsv(args, plan)
  return {
    role: `client ${clientNumber(selection)}`,
    run: (context) => {
      const sink = context.quiet ? new CountingSink() : openSink(context, selection, csv)
      return runSubscription(context, plan, { sink: columns ? new ColumnSink(sink, columns) : sink })
    },
  }
}

/** Options that say where something live comes from, and how. */
const LIVE_OPTIONS = ['connect', 'bind', 'format', 'for'] as const

function planRecorded(args: Arguments, { files, selection, columns, csv }: RecordedClient): Plan {
  const live = LIVE_OPTIONS.find((name) => args.list(name).length > 0 || isGiven(args, name))
  if (live !== undefined) throw new OptionError(`${live} is for what is live, not for a recording`)
  const wanted = args.list('topic').map((topic) => checkSubscription(topic))
  if (csv) refuseForCsv(args, { topics: wanted })
  const most = args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER })
  return {
    role: `client ${clientNumber(selection)}`,
    run: async (context) => {
      // What reads recordings is loaded for them alone: it takes as long as half of the rest.
      const { printRecording } = await import('./print-recording.ts')
      const sink = context.quiet ? new CountingSink() : openSink(context, selection, csv)
      return printRecording(context, files, {
        sink: columns ? new ColumnSink(sink, columns) : sink,
        wanted,
        most,
        isOne: csv,
      })
    },
  }
}

function isGiven(args: Arguments, name: string): boolean {
  return name !== 'connect' && args.text(name) !== undefined
}

/** A client that reads recordings. */
interface RecordedClient {
  readonly files: readonly string[]
  readonly selection: Selection
  readonly columns: readonly string[] | undefined
  readonly csv: boolean
}

function openSink({ output, json }: CommandContext, selection: Selection, csv: boolean): Sink {
  return csv ? new CsvSink({ output, selection }) : new ConsoleSink({ output, selection, json })
}

function refuseForCsv(args: Arguments, { topics }: Pick<SubscriptionPlan, 'topics'>): void {
  if (args.flag('json')) throw new OptionError('give either csv or json, not both')
  const [topic = ''] = topics
  if (topics.length > 1 || topic.endsWith('/'))
    throw new OptionError(`csv holds one stream: name it with topic, got "${topics.join(', ')}"`)
}
