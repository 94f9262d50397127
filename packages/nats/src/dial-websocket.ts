import { WebSocket } from 'ws'
import { inTurn } from './in-turn.ts'
import { type ConnectionOptions, errors, type NatsConnection, wsconnect } from './nats-library.ts'

/**
 * Connects to one server through a WebSocket.
 *
 * @param ca - Who signed its certificate.
 * @param signal - Ends it.
 */
export async function dialWebSocket(
  options: ConnectionOptions,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<NatsConnection> {
  let failure: unknown
  // Node.js has a WebSocket of its own from version 22 on, without options.
  const wsFactory = async (url: string) => {
    const socket = new WebSocket(url, { ca })
    socket.on('error', (error) => (failure = error))
    signal.addEventListener('abort', () => socket.terminate())
    return { socket: socket as unknown as globalThis.WebSocket, encrypted: url.startsWith('wss:') }
  }
  try {
    return await inTurn(() => wsconnect({ ...options, wsFactory }))
  } catch (error) {
    // The library says that the connection was refused, whatever happened.
    throw error instanceof errors.AuthorizationError ? error : (failure ?? error)
  }
}
