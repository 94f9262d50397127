import type { NatsOptions } from '@zcast/shared'
import type { NatsServer } from '@zcast/shared/internal'
import { WebSocket } from 'ws'
import { readCredentials } from './credentials.ts'
import { connect, type NatsConnection, wsconnect } from './nats-library.ts'

/** A server that does not answer is given up for the next one. */
const TIMEOUT_MS = 1500

/** The library's own pings take a connection full of messages for a dead one; {@link Pulse} tells them apart. */
const NEVER_MS = 2 ** 31 - 1

/** Connects to the first of some servers that lets this end in, in any order. @throws What the library says. */
export async function dial(
  servers: readonly NatsServer[],
  more: readonly string[],
  nats: NatsOptions,
): Promise<NatsConnection> {
  const [{ scheme } = { scheme: 'nats' }] = servers
  const isWebSocket = scheme === 'ws' || scheme === 'wss'
  const own = servers.map((server) => (isWebSocket ? `${server.scheme}://${where(server)}` : where(server)))
  const authenticator = await readCredentials(nats, servers)
  const isEncrypted = servers.some((server) => server.scheme === 'tls')
  const options = {
    servers: [...new Set([...own, ...(isWebSocket ? [] : more)])],
    name: 'zcast',
    reconnect: false,
    timeout: TIMEOUT_MS,
    pingInterval: NEVER_MS,
    // A program with several sockets would otherwise hear itself on none of them.
    noEcho: false,
    noAsyncTraces: true,
    ...(authenticator && { authenticator }),
  }
  if (isWebSocket) {
    const wsFactory = async (url: string, { tls }: { tls?: object | null } = {}) => ({
      socket: new WebSocket(url) as unknown as globalThis.WebSocket,
      encrypted: tls !== undefined || url.startsWith('wss:'),
    })
    return wsconnect({ ...options, wsFactory })
  }
  const { authorityFile } = nats
  const tls = authorityFile === undefined ? {} : { caFile: authorityFile }
  return connect({ ...options, ...((isEncrypted || authorityFile !== undefined) && { tls }) })
}

function where({ host, port }: NatsServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
