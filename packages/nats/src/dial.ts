import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { NatsOptions } from '@zcast/shared'
import type { NatsServer } from '@zcast/shared/internal'
import { addressesOf } from './addresses-of.ts'
import { attempt } from './attempt.ts'
import { readCredentials } from './credentials.ts'
import { dialTcp } from './dial-tcp.ts'
import { dialWebSocket } from './dial-websocket.ts'
import type { NatsConnection } from './nats-library.ts'

/** A server that does not answer is given up for the next one. */
const TIMEOUT_MS = 1500

/** The library's own pings take a connection full of messages for a dead one; {@link Pulse} tells them apart. */
const NEVER_MS = 2 ** 31 - 1

/** What the library asks for in place of an address. */
const NO_NAME = 'localhost'

/**
 * Connects to the first of some servers that lets this end in, in any order: one after the other, and each address of one.
 *
 * @param others - Further servers of the same network, as one of them has told: `HOST:PORT`.
 * @param signal - Ends it at once.
 * @throws What the library says of the last one.
 */
export async function dial(
  servers: readonly NatsServer[],
  others: readonly string[],
  nats: NatsOptions,
  signal: AbortSignal,
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
  if (servers.some(({ scheme }) => scheme === 'ws' || scheme === 'wss'))
    return firstOf(
      servers.map((server) => `${server.scheme}://${where(server)}`),
      (url) => attempt(signal, (over) => dialWebSocket({ ...common, servers: url }, ca, over)),
      signal,
    )
  const tls = {
    ...(ca !== undefined && { ca }),
    checkServerIdentity: (name: string, certificate: PeerCertificate) =>
      name === NO_NAME ? checkAddress(servers, certificate) : checkServerIdentity(name, certificate),
  }
  const isEncrypted = ca !== undefined || servers.some(({ scheme }) => scheme === 'tls')
  const dialServer = async (server: string): Promise<NatsConnection> => {
    const options = { ...common, servers: server, ...(isEncrypted && { tls }) }
    const addresses = await addressesOf(hostOf(server), signal)
    return firstOf(addresses, (address) => attempt(signal, (over) => dialTcp(address, options, over)), signal)
  }
  return firstOf([...new Set([...servers.map(where), ...others])], dialServer, signal)
}

/** Tries one after the other, in any order. */
async function firstOf(
  candidates: readonly string[],
  connectTo: (candidate: string) => Promise<NatsConnection>,
  signal: AbortSignal,
): Promise<NatsConnection> {
  let failure: unknown
  for (const candidate of shuffle(candidates)) {
    try {
      return await connectTo(candidate)
    } catch (error) {
      failure = error
    }
    signal.throwIfAborted()
  }
  throw failure
}

function shuffle(texts: readonly string[]): readonly string[] {
  const keyed = texts.map((text) => ({ text, key: Math.random() }))
  return keyed.toSorted((a, b) => a.key - b.key).map(({ text }) => text)
}

/** The library checks names only: a certificate for one of the addresses that were named is as good. */
function checkAddress(servers: readonly NatsServer[], certificate: PeerCertificate): Error | undefined {
  const hosts = servers.map(({ host }) => host).filter((host) => host === NO_NAME || isIP(host) !== 0)
  const failures = hosts.map((host) => checkServerIdentity(host, certificate))
  return failures.includes(undefined) ? undefined : (failures[0] ?? checkServerIdentity(NO_NAME, certificate))
}

function where({ host, port }: NatsServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function hostOf(server: string): string {
  return server.slice(0, server.lastIndexOf(':')).replaceAll(/[[\]]/g, '')
}
