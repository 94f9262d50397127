import type * as zmq from 'zeromq'
import type { RefusalReason } from '../security/refusal.ts'

/** What kind of socket is watched. */
export interface RefusalContext {
  readonly side: 'publisher' | 'subscriber'
  /** Whether it has keys. */
  readonly secured: boolean
}

/** What is heard of connections that do not come about. */
export interface RefusalListeners {
  /** A connection was refused, by this end or the other one; once an attempt. */
  onRefused(reason: RefusalReason, endpoint: string): void
  /** A connection has come about. */
  onHandshake(): void
}

/**
 * A publisher drops a client with the wrong server key without a word: one connection that ends like that can be
 * anything, such as a publisher that is just being stopped.
 */
const BROKEN_HANDSHAKES = 2

/** Finds out from a socket's events whether its connections are refused because of keys; see docs/security.md. */
export function watchRefusals(
  socket: zmq.Socket,
  { side, secured }: RefusalContext,
  { onRefused, onHandshake }: RefusalListeners,
): void {
  let broken = 0
  const mismatch: RefusalReason =
    secured === (side === 'publisher') ? 'client-without-keys' : 'publisher-without-keys'
  socket.events.on('handshake', () => {
    broken = 0
    onHandshake()
  })
  socket.events.on('handshake:error:protocol', ({ address, error }) => {
    if (error.code === 'ERR_ZMTP_MECHANISM_MISMATCH') onRefused(mismatch, address)
    else if (error.code === 'ERR_ZMTP_CRYPTOGRAPHIC' && secured) onRefused('server-key', address)
  })
  // A publisher has heard of those that it refuses already, with their keys, when it was asked to decide.
  if (side === 'publisher') return
  socket.events.on('handshake:error:auth', ({ address, error }) => {
    onRefused(error.status === 400 ? 'key' : 'check', address)
  })
  socket.events.on('handshake:error:other', ({ address }) => {
    broken += 1
    if (secured && broken >= BROKEN_HANDSHAKES) onRefused('server-key', address)
  })
}
