import { connect } from 'node:net'
import { hideSecrets, type NatsServer } from '@zcast/shared/internal'
import { type Finding, fine, problem, warning } from '../finding.ts'
import { formatSpan } from '../format-span.ts'
import type { Reach } from './check-reach.ts'

const ANSWER_WITHIN_MS = 3000

/** The most that a NATS server says first. */
const MAX_INFO_BYTES = 64 * 1024

/** What a NATS server says of itself, as far as it is looked at. */
interface ServerInfo {
  readonly version?: unknown
  readonly jetstream?: unknown
}

interface ServerProbe {
  readonly server: string
  readonly ms: number
  /** Missing when it did not answer as a NATS server does. */
  readonly info: ServerInfo | undefined
}

/** Finds out whether the NATS servers of an endpoint can be reached. */
export async function checkServers(
  endpoint: string,
  servers: readonly NatsServer[],
  signal: AbortSignal,
): Promise<Reach> {
  const shown = hideSecrets(endpoint)
  // A WebSocket says nothing before it was asked.
  const asked = servers.filter(({ scheme }) => scheme === 'nats' || scheme === 'tls')
  if (asked.length === 0) return { isThere: true, findings: [] }
  const probes = await Promise.all(asked.map((server) => probe(server, signal)))
  const silent = probes.filter(({ info }) => info === undefined).map(({ server }) => server)
  const first = probes.find(({ info }) => info !== undefined)
  if (!first)
    return {
      isThere: false,
      findings: [
        problem(
          'no-server',
          `no NATS server answers at ${shown}`,
          'start it (nats-server), and check the address, the port and the firewall',
          { endpoint: shown, servers: silent },
        ),
      ],
    }
  return { isThere: true, findings: [describe(shown, first, silent)] }
}

function describe(endpoint: string, { server, ms, info }: ServerProbe, silent: readonly string[]): Finding {
  const version =
    typeof info?.version === 'string' && /^[\w.+-]{1,32}$/.test(info.version) ? info.version : null
  const measurement = {
    endpoint,
    server,
    connectMs: ms,
    version,
    jetstream: info?.jetstream === true,
    silent,
  }
  if (silent.length > 0)
    return warning(
      'some-servers',
      `${server} answers, and ${silent.join(', ')} of ${endpoint} do not`,
      'check those servers: streams go on over the others',
      measurement,
    )
  const name = version === null ? 'a NATS server' : `nats-server ${version}`
  return fine('reached', `${endpoint} answers in ${formatSpan(ms)} (${name})`, measurement)
}

function probe({ host, port }: NatsServer, signal: AbortSignal): Promise<ServerProbe> {
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve) => {
    const startedMs = performance.now()
    const socket = connect({ host, port })
    let heard = ''
    const answer = (info?: ServerInfo): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve({ server, ms: performance.now() - startedMs, info })
    }
    const giveUp = (): void => answer()
    const timer = setTimeout(giveUp, ANSWER_WITHIN_MS)
    signal.addEventListener('abort', giveUp)
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      const line = /^INFO (.*)\r\n/.exec(heard)?.[1]
      if (line !== undefined) answer(parse(line))
      else if (heard.length > MAX_INFO_BYTES || !'INFO '.startsWith(heard.slice(0, 5))) answer()
    })
    socket.on('error', giveUp)
    socket.on('close', giveUp)
  })
}

function parse(line: string): ServerInfo | undefined {
  try {
    const info: unknown = JSON.parse(line)
    return typeof info === 'object' && info !== null ? info : undefined
  } catch {
    return undefined
  }
}
