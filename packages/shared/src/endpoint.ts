import { isIP } from 'node:net'
import { EndpointError } from './errors.ts'
import { isLoopbackHost } from './loopback.ts'
import { type NatsServer, parseNatsServers } from './nats-endpoint.ts'
import { hideSecrets } from './security/hide-secrets.ts'

/** A parsed endpoint. */
export type Endpoint =
  | { readonly transport: 'tcp'; readonly host: string; readonly port: number | '*' }
  | { readonly transport: 'ipc' | 'inproc'; readonly name: string }
  | { readonly transport: 'nats'; readonly servers: readonly NatsServer[] }

const TCP = /^tcp:\/\/(\[[0-9A-Fa-f:.%A-Za-z0-9]+\]|[^:[\]/\s]+):([1-9]\d{0,4}|\*)$/
const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?$/
/** Folder names may contain spaces; no name begins or ends with one. */
const NAMED = /^(ipc|inproc):\/\/([^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?)$/u

/**
 * The longest name, in bytes: a socket's path and the NUL after it have 108 bytes on Linux and 104 elsewhere (unix(7),
 * sun_path), and ZeroMQ accepts 256 for `inproc` (zmq_inproc(7)).
 */
const MAX_NAME_BYTES = { ipc: process.platform === 'linux' ? 107 : 103, inproc: 256 } as const

/**
 * Parses `tcp://HOST:PORT`, `ipc://PATH` or `inproc://NAME`. HOST is a name, an IPv4 address, an IPv6 address in
 * brackets, or `*` (every interface, only for binding); PORT is 1 to 65535, or `*` (any free port, only for binding).
 * PATH is the path of a socket file, at most 107 bytes; a path that begins with `@` is a name without a file (Linux).
 * Also `nats://HOST:PORT`, `tls://HOST:PORT` and `wss://HOST:PORT`, a NATS server or several, with commas between them.
 *
 * @throws {@link EndpointError} `ERR_ENDPOINT` for anything else.
 */
export function parseEndpoint(text: string): Endpoint {
  const tcp = TCP.exec(text)
  if (tcp) {
    const host = (tcp[1] as string).replace(/^\[|\]$/g, '')
    const port = tcp[2] === '*' ? '*' : Number(tcp[2])
    const hostOk = tcp[1]?.startsWith('[') ? isIP(host.replace(/%.*$/, '')) === 6 : isHost(host)
    if (hostOk && (port === '*' || (port >= 1 && port <= 65_535))) return { transport: 'tcp', host, port }
  }
  const named = NAMED.exec(text)
  if (named) {
    const endpoint = { transport: named[1] as 'ipc' | 'inproc', name: named[2] as string }
    checkLength(text, endpoint)
    return endpoint
  }
  const servers = parseNatsServers(text)
  if (servers) return { transport: 'nats', servers }
  throw new EndpointError(
    'ERR_ENDPOINT',
    text,
    `"${hideSecrets(text)}" is not an endpoint: write tcp://HOST:PORT (port 1 to 65535), such as tcp://127.0.0.1:5556, ipc://PATH, or nats://HOST:4222`,
  )
}

/** An endpoint that ZeroMQ itself connects. */
export type ZeromqEndpoint = Exclude<Endpoint, { readonly transport: 'nats' }>

/**
 * Parses an endpoint of ZeroMQ.
 *
 * @throws {@link EndpointError} `ERR_ENDPOINT` when it is not, or when it is not an endpoint.
 */
export function parseZeromqEndpoint(text: string): ZeromqEndpoint {
  const endpoint = parseEndpoint(text)
  if (endpoint.transport !== 'nats') return endpoint
  throw new EndpointError(
    'ERR_ENDPOINT',
    text,
    `"${hideSecrets(text)}" is a NATS server, which ZeroMQ cannot connect to`,
  )
}

/**
 * Parses an endpoint to listen on, which must be one of this machine, not a server.
 *
 * @throws {@link EndpointError} `ERR_ENDPOINT` when it is not, or when it is not an endpoint.
 */
export function parseOwnEndpoint(text: string): Endpoint {
  const endpoint = parseEndpoint(text)
  if (endpoint.transport !== 'nats') return endpoint
  throw new EndpointError(
    'ERR_ENDPOINT',
    text,
    `cannot listen on "${hideSecrets(text)}": that is a NATS server; connect to it instead (--connect; for a room, with zcast relay --to)`,
  )
}

function checkLength(text: string, { transport, name }: Extract<Endpoint, { name: string }>): void {
  const [bytes, most] = [Buffer.byteLength(name), MAX_NAME_BYTES[transport]]
  if (bytes <= most) return
  const what = transport === 'ipc' ? 'the path of a socket' : 'the name of an inproc endpoint'
  throw new EndpointError(
    'ERR_ENDPOINT',
    text,
    `"${text}" is too long: ${what} may have at most ${most} bytes, but this one has ${bytes}; choose a shorter one`,
  )
}

/**
 * Parses an endpoint to connect to, which must name a host and a port, not `*`.
 *
 * @throws {@link EndpointError} `ERR_ENDPOINT` when it does not, or when it is not an endpoint.
 */
export function parsePeerEndpoint(text: string): Endpoint {
  const endpoint = parseEndpoint(text)
  if (endpoint.transport !== 'tcp' || (endpoint.host !== '*' && endpoint.port !== '*')) return endpoint
  throw new EndpointError('ERR_ENDPOINT', text, `cannot connect to "${text}": name a host and a port, not *`)
}

/** True for a name, an IPv4 address or `*`: what may stand before the port of an endpoint, without brackets. */
export function isHost(host: string): boolean {
  if (host === '*') return true
  // Four numbers separated by dots are meant as an address; 300.1.1.1 would otherwise pass as a name and block in a
  // look-up.
  if (/^[\d.]+$/.test(host)) return isIP(host) === 4
  return HOST_NAME.test(host)
}

/** True when only this machine can reach the endpoint: loopback addresses, `localhost`, ipc and inproc. */
export function isLoopback(endpoint: Endpoint): boolean {
  switch (endpoint.transport) {
    case 'tcp':
      return isLoopbackHost(endpoint.host)
    case 'nats':
      return endpoint.servers.every(({ host }) => isLoopbackHost(host))
    case 'ipc':
    case 'inproc':
      return true
  }
}
