import { OptionError } from '@zcast/shared'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { planSocket } from '../../options/sockets/plan-socket.ts'
import { planSubscriberKeys } from '../../options/keys/read-keys.ts'
import { planEndpoints } from '../topic/watch-plan.ts'
import type { DoctorPlan } from './doctor-plan.ts'

const MAX_ENDPOINTS = 16

/** Reads and checks the options of `zcast doctor`. @throws {@link OptionError} when one is wrong. */
export async function planDoctor(args: Arguments): Promise<Plan> {
  const topics = [...new Set(args.list('topic'))]
  const pages = args.list('page')
  for (const page of pages)
    if (!/^https?:\/\//.test(page) || !URL.canParse(page))
      throw new OptionError(`page must be an address such as http://127.0.0.1:8081, got "${page}"`)
  const connect = [...new Set(planEndpoints(args, topics))]
  if (connect.length > MAX_ENDPOINTS)
    throw new OptionError(`connect may be given ${MAX_ENDPOINTS} times at most, got ${connect.length}`)
  const plan: DoctorPlan = {
    connect,
    isDefault: args.list('connect').length === 0,
    topics,
    pages,
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    logDirectory: args.text('log-dir') ?? 'logs',
  }
  return {
    role: undefined,
    run: async (context) => (await import('./run-doctor.ts')).runDoctor(context, plan),
  }
}
