import type { RefusalReason } from '../security/refusal.ts'
import type { ZeromqEvents } from './zeromq-events.ts'

/** What kind of socket is watched. */
export interface RefusalContext {
  readonly side: 'publisher' | 'subscriber'
  /** Whether it has keys. */
  readonly secured: boolean
}

/**
 * A publisher drops a client with the wrong server key without a word: one connection that ends like that can be
 * anything, such as a publisher that is just being stopped.
 */
const BROKEN_HANDSHAKES = 2

/**
 * Finds out from the events of a socket whether its connections are refused because of keys: what each end hears in each case
 * is in docs/keys.md.
 *
 * @param onRefused - Called with each attempt that was refused, by this end or the other one.
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
  // A publisher has heard of those that it refuses already, with their keys, when it was asked to decide.
  if (side === 'publisher') return
  events.on('handshake:error:auth', ({ address, error }) => {
    onRefused(error.status === 400 ? 'key' : 'check', address)
  })
  events.on('handshake:error:other', ({ address }) => {
    broken += 1
    if (secured && broken >= BROKEN_HANDSHAKES) onRefused('server-key', address)
  })
}
