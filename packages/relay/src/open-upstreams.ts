import type { Message } from '@zcast/shared'
import { listEndpoints } from '@zcast/shared/internal'
import { type Carries, carriesOf } from './queue-choice.ts'
import type { CarriedEnvelope } from './relay-codec.ts'
import type { RelayOptions } from './relay-options.ts'
import { type RelaySource, Upstream } from './upstream.ts'

/** Takes what comes from above. */
export interface Receiver {
  /** Takes a value, and whether it came on a lane. */
  take(envelope: CarriedEnvelope, isLane: boolean): void
  /** Takes a message that is none of zcast's. */
  takeRaw(message: Message): void
  /** An upstream has others to offer than before, or other relays. */
  heard(upstream: Upstream): void
}

/** The time for publishers above to say what they have, before the queues below are made. */
const ANSWER_WITHIN_MS = 500
const LOOK_EVERY_MS = 20

/**
 * Opens a socket for each source.
 *
 * @param upstreams - Each is added to them once it is open.
 * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
 */
export async function openUpstreams(
  upstreams: Upstream[],
  { from, onState }: RelayOptions,
  receiver: Receiver,
): Promise<void> {
  for (const source of from) upstreams.push(await openUpstream(source, onState, receiver))
}

/** What mostly comes from them, once they have had the time to say so. */
export async function findOut(upstreams: readonly Upstream[]): Promise<Carries> {
  const endMs = performance.now() + ANSWER_WITHIN_MS
  while (performance.now() < endMs && !upstreams.every(({ hasAnswered }) => hasAnswered))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  if (!upstreams.every(({ hasAnswered }) => hasAnswered)) return 'both'
  return carriesOf(upstreams.flatMap(({ offers }) => [...offers.values()]))
}

async function openUpstream(
  source: RelaySource,
  onState: RelayOptions['onState'],
  receiver: Receiver,
): Promise<Upstream> {
  const endpoints = listEndpoints(source)
  const upstream: Upstream = await Upstream.open(source, {
    onEnvelope: (envelope, isLane) => receiver.take(envelope, isLane),
    onRaw: (message) => receiver.takeRaw(message),
    onOffers: () => receiver.heard(upstream),
    onState: (state) => onState?.([...endpoints.bind, ...endpoints.connect], state),
  })
  return upstream
}
