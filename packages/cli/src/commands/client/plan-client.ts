import { OptionError } from '@zcast/shared'
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
import { planSubscription, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/arguments.ts'
import { readColumns } from '../../options/numbers-format.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast client`. @throws {@link OptionError} when one is wrong. */
export async function planClient(args: Arguments): Promise<Plan> {
  const which = args.text('which')
  const columns = readColumns(args, 'select')
  if (which !== undefined && columns !== undefined && which !== '3' && which !== 'all')
    throw new OptionError(`give either "client ${which}" or select, not both`)
  if (which === undefined && columns === undefined)
    throw new OptionError('name a client: 1 (even), 2 (odd) or 3 (all), or columns, as in --select temp,hum')
  const selection = findSelection(which ?? 'all')
  const csv = args.flag('csv') ?? false
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

function openSink({ output, json }: CommandContext, selection: Selection, csv: boolean): Sink {
  return csv ? new CsvSink({ output, selection }) : new ConsoleSink({ output, selection, json })
}

function refuseForCsv(args: Arguments, { topics }: SubscriptionPlan): void {
  if (args.flag('json')) throw new OptionError('give either csv or json, not both')
  const [topic = ''] = topics
  if (topics.length > 1 || topic.endsWith('/'))
    throw new OptionError(`csv holds one stream: name it with topic, got "${topics.join(', ')}"`)
}
