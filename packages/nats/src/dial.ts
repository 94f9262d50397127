import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { NatsOptions } from '@zcast/shared'
import type { NatsServer } from '@zcast/shared/internal'
import { WebSocket } from 'ws'
import { readCredentials } from './credentials.ts'
import { connect, errors, type NatsConnection, wsconnect } from './nats-library.ts'
import { Turns } from './turns.ts'

/** A server that does not answer is given up for the next one. */
const TIMEOUT_MS = 1500

/** The library's own pings take a connection full of messages for a dead one; {@link Pulse} tells them apart. */
const NEVER_MS = 2 ** 31 - 1

/** What the library asks for in place of an address. */
const NO_NAME = 'localhost'

/**
 * The library has one dialer in a process, and whoever began to connect last has set it: while a connection is made,
 * none of the other kind begins.
 */
const turns = new Turns()

/** Options of either kind of connection. */
type Common = Parameters<typeof wsconnect>[0]

/**
 * Connects to the first of some servers that lets this end in, in any order.
 *
 * @param others - Further servers of the same network, as one of them has told.
 * @throws What the library says.
 */
export async function dial(
  servers: readonly NatsServer[],
  others: readonly string[],
  nats: NatsOptions,
): Promise<NatsConnection> {
  const authenticator = await readCredentials(nats, servers)
  const ca = nats.authorityFile === undefined ? undefined : await readFile(nats.authorityFile, 'utf8')
  const common = {
    name: 'zcast',
    reconnect: false,
    timeout: TIMEOUT_MS,
    pingInterval: NEVER_MS,
    noAsyncTraces: true,
    ...(authenticator && { authenticator }),
  }
  const isWebSocket = servers.some(({ scheme }) => scheme === 'ws' || scheme === 'wss')
  if (isWebSocket) return turns.take('WebSocket', () => dialWebSocket(servers, common, ca))
  const tls = {
    ...(ca !== undefined && { ca }),
    checkServerIdentity: (name: string, certificate: PeerCertificate) =>
      name === NO_NAME ? checkAddress(servers, certificate) : checkServerIdentity(name, certificate),
  }
  const isEncrypted = ca !== undefined || servers.some(({ scheme }) => scheme === 'tls')
  return turns.take('TCP', () =>
    connect({
      ...common,
      servers: [...new Set([...servers.map(where), ...others])],
      ...(isEncrypted && { tls }),
    }),
  )
}

/** The library checks names only: a certificate for one of the addresses that were named is as good. */
function checkAddress(servers: readonly NatsServer[], certificate: PeerCertificate): Error | undefined {
  const hosts = servers.map(({ host }) => host).filter((host) => host === NO_NAME || isIP(host) !== 0)
  const failures = hosts.map((host) => checkServerIdentity(host, certificate))
  return failures.includes(undefined) ? undefined : (failures[0] ?? checkServerIdentity(NO_NAME, certificate))
}

async function dialWebSocket(
  servers: readonly NatsServer[],
  common: Common,
  ca: string | undefined,
): Promise<NatsConnection> {
  let failure: unknown
  // Node.js has a WebSocket of its own from version 22 on, without options.
  const wsFactory = async (url: string) => {
    const socket = new WebSocket(url, { ca })
    socket.on('error', (error) => (failure = error))
    return { socket: socket as unknown as globalThis.WebSocket, encrypted: url.startsWith('wss:') }
  }
  try {
    return await wsconnect({
      ...common,
      servers: servers.map((server) => `${server.scheme}://${where(server)}`),
      wsFactory,
    })
  } catch (error) {
    // The library says that the connection was refused, whatever happened.
    throw error instanceof errors.AuthorizationError ? error : (failure ?? error)
  }
}

function where({ host, port }: NatsServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
