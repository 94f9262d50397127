import { OptionError } from '@zcast/shared'
import type { Plan } from '../../command.ts'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { didYouMean } from '../../options/reading/suggestion.ts'
import { VERBS } from './topic.ts'
import { planWatch, type WatchPlan } from './watch-plan.ts'

/** Carries out one verb. */
export type RunVerb = (context: CommandContext, plan: WatchPlan) => Promise<void>

/** Each verb reads its options in a module of its own, loaded only when it is used. */
const PLANS: Readonly<Record<string, (args: Arguments) => Promise<RunVerb>>> = {
  list: async (args) => (await import('./list.ts')).planList(args),
  info: async () => (await import('./info.ts')).planInfo(),
  echo: async (args) => (await import('./echo.ts')).planEcho(args),
  hz: async (args) => (await import('./hz.ts')).planHz(args),
  bw: async (args) => (await import('./bw.ts')).planBw(args),
  delay: async (args) => (await import('./delay.ts')).planDelay(args),
  top: async (args) => (await import('./top.ts')).planTop(args),
}

/** The verbs that an option belongs to, where it does not belong to all. */
const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  csv: ['list', 'hz', 'bw', 'delay', 'top'],
  window: ['hz', 'bw', 'delay', 'top'],
  sort: ['top'],
  once: ['echo'],
  count: ['echo'],
  filter: ['echo'],
  field: ['echo'],
  show: ['echo'],
}

/** Reads and checks the options of `zcast topic`. @throws {@link OptionError} when one is wrong. */
export async function planTopic(args: Arguments): Promise<Plan> {
  const verb = args.text('verb')
  const planVerb = verb === undefined || !Object.hasOwn(PLANS, verb) ? undefined : PLANS[verb]
  if (verb === undefined || !planVerb)
    throw new OptionError(
      verb === undefined
        ? `write what to do with topics: ${VERBS.join(', ')}`
        : `cannot "${verb}" topics: choose ${VERBS.join(', ')}${didYouMean(verb, VERBS)}`,
    )
  for (const [option, verbs] of Object.entries(OPTIONS_OF)) {
    const isGiven = args.list(option).length > 0 || args.flag(option) === true
    if (isGiven && !verbs.includes(verb))
      throw new OptionError(
        `${option} applies to "topic ${verbs.join('", "topic ')}", not to "topic ${verb}"`,
      )
  }
  if (args.flag('csv') && args.flag('json')) throw new OptionError('give either csv or json, not both')
  const [run, plan] = [await planVerb(args), await planWatch(args, verb)]
  return { role: 'topic', run: (context) => run(context, plan) }
}
