import { MAX_MESSAGE_BYTES } from '../envelope.ts'
import { DEFAULT_HEARTBEAT_MS, type SocketOptions } from './transport.ts'

/** Messages that a socket may hold for one peer. */
export const DEFAULT_HIGH_WATER_MARK = 1000

/** The share of the heartbeat between two pings; the answer has the rest. */
const PING_SHARE = 0.4

// After silence on the wire, TCP's own backoff is longer than 2 s (measured): give up on an attempt early.
const RECONNECT = { connectTimeout: 1000, reconnectInterval: 100, reconnectMaxInterval: 1000 }

/** A peer that connects and sends nothing is cut off after this time. */
const HANDSHAKE_WITHIN_MS = 10_000

/** The options of every ZeroMQ socket. */
export function commonOptions(options: SocketOptions) {
  const heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS
  const heartbeatInterval = Math.round(heartbeatMs * PING_SHARE)
  return {
    ...RECONNECT,
    handshakeInterval: HANDSHAKE_WITHIN_MS,
    heartbeatInterval,
    heartbeatTimeout: heartbeatMs - heartbeatInterval,
    maxMessageSize: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  }
}
