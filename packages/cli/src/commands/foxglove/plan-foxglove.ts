import type { Format } from '@zcast/formats'
import { SERVED_KINDS } from '@zcast/foxglove'
import { OptionError } from '@zcast/shared'
import { checkSubscription, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readFormat, usualEndpoint } from '../../options/sockets/format-option.ts'
import { FOXGLOVE_PORT } from '../../options/pages/page-ports.ts'
import { planPageAccess, type PageAccess } from '../../options/pages/page-access.ts'
import { planSocket, type SocketPlan } from '../../options/sockets/plan-socket.ts'
import { planSubscriberKeys, type SubscriberKeys } from '../../options/keys/read-keys.ts'

/** What is served, and to whom. */
export interface FoxglovePlan extends SocketPlan {
  readonly port: number
  readonly access: PageAccess
  readonly connect: readonly string[]
  /** Empty for every one. */
  readonly topics: readonly string[]
  readonly format: Format | undefined
  readonly keys: SubscriberKeys
  readonly logDirectory: string
}

/** Reads and checks the options of `zcast foxglove`. @throws {@link OptionError} when one is wrong. */
export async function planFoxglove(args: Arguments): Promise<Plan> {
  const format = await readFormat(args, 'subscriber', SERVED_KINDS)
  const given = args.list('connect')
  for (const endpoint of given) parsePeerEndpoint(endpoint)
  const kinds = SERVED_KINDS.filter((kind) => !format || format.kinds.includes(kind))
  const usual = [...new Set(kinds.map((kind) => usualEndpoint(kind, format)))]
  const connect = given.length > 0 ? given : usual
  // Says which formats can only be listened for.
  await format?.openTransport('subscriber', { bind: [], connect })
  const plan: FoxglovePlan = {
    port: args.port('port') ?? FOXGLOVE_PORT,
    access: await planPageAccess(args),
    connect,
    topics: [...new Set(args.list('topic').map(checkServed))],
    format,
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    logDirectory: args.text('log-dir') ?? 'logs',
  }
  const { FoxgloveRun } = await import('./foxglove-run.ts')
  const run = new FoxgloveRun(plan)
  return { role: 'foxglove', run: (context) => run.run(context) }
}

function checkServed(topic: string): string {
  checkSubscription(topic)
  if (SERVED_KINDS.some((kind) => topic.startsWith(`${kind}/`) || topic.startsWith(`${kind}@`))) return topic
  throw new OptionError(
    `topic must begin with ${SERVED_KINDS.map((kind) => `${kind}/`).join(' or ')}, got "${topic}"`,
  )
}
