import type { RefusalReason } from '../security/refusal.ts'
import type { ZeromqEvents } from './zeromq-events.ts'

/** The kind of socket that is watched. */
export interface RefusalContext {
  readonly side: 'publisher' | 'subscriber'
  /** True when it has keys. */
  readonly secured: boolean
}

/**
 * A publisher drops a client with the wrong server key silently: a single connection that ends like that can have other
 * causes, such as a publisher that is being stopped.
 */
const BROKEN_HANDSHAKES = 2

/**
 * Finds out from the events of a socket whether its connections are refused because of keys; docs/keys.md lists what
 * each end learns in each case.
 *
 * @param onRefused - Called for each attempt that was refused, by this end or the other one.
 */
export function watchRefusals(
  events: ZeromqEvents,
  { side, secured }: RefusalContext,
  onRefused: (reason: RefusalReason, endpoint: string) => void,
): void {
  let broken = 0
  const mismatch: RefusalReason =
    secured === (side === 'publisher') ? 'client-without-keys' : 'publisher-without-keys'
  events.on('handshake', () => {
    broken = 0
  })
  events.on('handshake:error:protocol', ({ address, error }) => {
    if (error.code === 'ERR_ZMTP_MECHANISM_MISMATCH') onRefused(mismatch, address)
    else if (error.code === 'ERR_ZMTP_CRYPTOGRAPHIC' && secured) onRefused('server-key', address)
  })
  // A publisher already knows the clients it refuses, with their keys, from its own decision.
  if (side === 'publisher') return
  events.on('handshake:error:auth', ({ address, error }) => {
    onRefused(error.status === 400 ? 'key' : 'check', address)
  })
  events.on('handshake:error:other', ({ address }) => {
    broken += 1
    if (secured && broken >= BROKEN_HANDSHAKES) onRefused('server-key', address)
  })
}
