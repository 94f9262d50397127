import type { Format } from '@zcast/formats'
import { type MaxRate, parseMaxRate } from '@zcast/relay'
import { OptionError } from '@zcast/shared'
import { hideSecrets, KIND_NAMES, parseOwnEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { findFormatFor, readFormat } from '../../options/sockets/format-option.ts'
import { isNats } from '../../options/sockets/nats-options.ts'
import { planSocket, type SocketPlan } from '../../options/sockets/plan-socket.ts'
import { planPublisherKeys, type PublisherKeys } from '../../options/keys/publisher-keys.ts'
import { planSubscriberKeys, type SubscriberKeys } from '../../options/keys/read-keys.ts'
import { RELAY_ENDPOINT } from './relay-endpoint.ts'

/** What is passed on, from where, and to whom. */
export interface RelayPlan extends SocketPlan {
  readonly connect: readonly string[]
  readonly listen: readonly string[]
  readonly format: Format | undefined
  readonly keys: SubscriberKeys
  readonly bind: readonly string[]
  readonly to: readonly string[]
  readonly toFormat: Format | undefined
  readonly toKeys: PublisherKeys
  readonly delivery: 'all' | undefined
  readonly maxRates: readonly MaxRate[]
  readonly carries: 'numbers' | 'pictures' | 'both' | undefined
  readonly metricsPort: number | undefined
}

/** Reads and checks the options of `zcast relay`. @throws {@link OptionError} when one is wrong. */
export async function planRelay(args: Arguments): Promise<Plan> {
  const connect = args.list('connect')
  const listen = args.list('listen')
  const to = args.list('to')
  const given = args.list('bind')
  const bind = given.length + to.length > 0 ? given : [RELAY_ENDPOINT]
  for (const endpoint of [...connect, ...to]) parsePeerEndpoint(endpoint)
  for (const endpoint of [...listen, ...bind]) parseOwnEndpoint(endpoint)
  if (connect.length + listen.length === 0)
    throw new OptionError('name a publisher to take values from, such as --connect tcp://10.0.0.7:5556', {
      code: 'ERR_ENDPOINT',
    })
  const own = connect.find((endpoint) => [...bind, ...to].includes(endpoint))
  if (own !== undefined)
    throw new OptionError(
      `${hideSecrets(own)} cannot be both where values come from and where they go: the relay would receive what it sends`,
    )
  // One text may name several keys.
  const allowed = args.list('allow').flatMap((text) => text.split(','))
  const rights = allowed.find((text) => KIND_NAMES.some((kind) => text.endsWith(`=${kind}`)))
  if (rights !== undefined)
    throw new OptionError(
      `a relay lets its keys subscribe to everything: write --allow without "=", got "${rights}"`,
    )
  refuseNatsOptions(args, connect.some(isNats), to.some(isNats))
  const plan: RelayPlan = {
    connect,
    listen,
    format: await readFormat(args, 'subscriber', ['numbers', 'video']),
    keys: await planSubscriberKeys(args),
    bind,
    to,
    toFormat: await findFormatFor(args.text('to-format'), 'publisher', ['numbers', 'video']),
    toKeys: await planPublisherKeys(args, [{ kind: 'numbers', members: [] }], 'to-curve'),
    delivery: args.text('delivery') === 'all' ? 'all' : undefined,
    maxRates: args.list('max-rate').map(parseMaxRate),
    carries: args.text('carries') as RelayPlan['carries'],
    metricsPort: args.port('metrics-port'),
    ...planSocket(args),
  }
  const { runRelay } = await import('./run-relay.ts')
  return { role: 'relay', run: (context) => runRelay(context, plan) }
}

/** Options for one side make no sense where only the other has NATS servers. */
function refuseNatsOptions(args: Arguments, isAbove: boolean, isBelow: boolean): void {
  const isGiven = (name: string): boolean => args.text(name) !== undefined
  // The password for one server must not be told to the other.
  if (isAbove && isBelow && isGiven('nats-creds') && !isGiven('to-nats-creds'))
    throw new OptionError(
      'nats-creds are for the NATS servers above: name those for the servers below with --to-nats-creds FILE, the same file if they are the same',
    )
  if (!isBelow && isGiven('to-nats-creds'))
    throw new OptionError(
      'to-nats-creds needs a NATS server below: give it with --to nats://HOST:4222, or name credentials for the one above with --nats-creds',
    )
  if (!isBelow && isGiven('retain'))
    throw new OptionError(
      'retain needs a NATS server below, which keeps what is sent: give it with --to nats://HOST:4222',
    )
}
