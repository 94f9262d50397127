import { OptionError } from '@zcast/shared'
import { clientNumber, ConsoleSink, CountingSink, findSelection } from '@zcast/subscribers'
import { planSubscription } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import type { Arguments } from '../../options/arguments.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast client`. @throws {@link OptionError} when one is wrong. */
export async function planClient(args: Arguments): Promise<Plan> {
  const which = args.text('which')
  if (which === undefined) throw new OptionError('name a client: 1 (even), 2 (odd) or 3 (all)')
  const selection = findSelection(which)
  const plan = await planSubscription(args, { kind: 'numbers', delivery: 'all' })
  return {
    role: `client ${clientNumber(selection)}`,
    run: (context) => {
      const { output, json, quiet } = context
      const sink = quiet ? new CountingSink() : new ConsoleSink({ output, selection, json })
      return runSubscription(context, plan, { sink })
    },
  }
}
