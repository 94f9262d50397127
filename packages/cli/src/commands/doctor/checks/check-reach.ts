import { access } from 'node:fs/promises'
import { isIP } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { lookUpHost, parseEndpoint } from '@zcast/shared/internal'
import { formatSpan } from '../format-span.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'
import { isHere } from '../machine/is-here.ts'
import { checkServers } from './check-servers.ts'
import { describeFailure } from './describe-failure.ts'
import { probeTcp, type TcpProbe } from '../machine/probe-tcp.ts'

/** What is known of an endpoint before anything is subscribed to. */
export interface Reach {
  readonly findings: readonly Finding[]
  /** True when ZeroMQ listens there, or a NATS server. */
  readonly isThere: boolean
}

const MAX_ADDRESSES = 4

const LOOK_UP_WITHIN_MS = 3000

/**
 * Finds out whether a publisher can be reached, and if not, why.
 *
 * @param addressesOf - Looks up the name of a machine. Default as the system does.
 */
export async function checkReach(
  endpoint: string,
  isDefault: boolean,
  signal: AbortSignal,
  addressesOf: (host: string) => Promise<readonly string[]> = lookUp,
): Promise<Reach> {
  const parsed = parseEndpoint(endpoint)
  if (parsed.transport === 'nats') return checkServers(endpoint, parsed.servers, signal)
  if (parsed.transport !== 'tcp') return checkFile(endpoint, parsed.name)
  const { host, port } = parsed as { host: string; port: number }
  const bare = host.replace(/%.*$/, '')
  const addresses = isIP(bare) === 0 ? await addressesOf(host) : [host]
  if (addresses.length === 0)
    return unreachable(
      problem(
        'host-unknown',
        `no machine called "${host}" was found for ${endpoint}`,
        'check the name, or write its address',
        { endpoint, host },
      ),
    )
  const unique = [...new Set(addresses)].slice(0, MAX_ADDRESSES)
  const probes = await Promise.all(unique.map((address) => probeTcp(address, port, signal)))
  const best = probes.find(({ answer }) => answer === 'greeted')
  if (best) return { isThere: true, findings: [describeThere(endpoint, best, probes)] }
  const other = isIP(bare) !== 0 ? await answersElsewhere(host, port, signal) : undefined
  const probe = probes.find(({ answer }) => answer !== 'refused') ?? probes[0]
  if (!probe || (probe.answer === 'refused' && isDefault && !other))
    return unreachable(fine('nobody', `nobody listens at ${endpoint}`, { endpoint }))
  return unreachable(await describeFailure({ endpoint, host, port, probe, addresses: unique, other }))
}

/** A name server that does not answer would keep everybody waiting. */
function lookUp(host: string): Promise<readonly string[]> {
  const late = delay(LOOK_UP_WITHIN_MS, [], { ref: false })
  return Promise.race([lookUpHost(host).catch(() => []), late])
}

const unreachable = (finding: Finding): Reach => ({ isThere: false, findings: [finding] })

async function checkFile(endpoint: string, path: string): Promise<Reach> {
  if (!endpoint.startsWith('ipc:') || path.startsWith('@')) return { isThere: true, findings: [] }
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists) return { isThere: true, findings: [] }
  return unreachable(
    problem(
      'file-missing',
      `nobody has made the socket ${path}`,
      'start the publisher with --bind, or check the path',
      { endpoint },
    ),
  )
}

function describeThere(endpoint: string, best: TcpProbe, probes: readonly TcpProbe[]): Finding {
  const { address, ms, mechanism } = best
  const measurement = { endpoint, address, connectMs: ms, mechanism: mechanism ?? null }
  const silent = probes.filter(({ answer }) => answer !== 'greeted').map((probe) => probe.address)
  const isOnlySix = isIP(address) === 6 && silent.some((other) => isIP(other) === 4)
  if (isOnlySix || (isIP(address) === 4 && silent.some((other) => isIP(other) === 6) && probes[0] !== best))
    return warning(
      isOnlySix ? 'ipv6-only' : 'ipv4-only',
      `${endpoint} is reached at ${address} (${formatSpan(ms)}), and not at ${silent.join(', ')}`,
      `programs that try only one address do not reach it: write ${address.includes(':') ? `[${address}]` : address} instead of the name, or let the publisher listen on both`,
      measurement,
    )
  return fine(
    'reached',
    `${endpoint} answers in ${formatSpan(ms)}${mechanism === 'CURVE' ? ', encrypted' : ''}`,
    measurement,
  )
}

/** What the same port answers at another address of the machine: whoever listens on one address is not at the others. */
async function answersElsewhere(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isHere(host)) return undefined
  const others = ['127.0.0.1', '::1'].filter((address) => address !== host)
  const probes = await Promise.all(others.map((address) => probeTcp(address, port, signal)))
  return probes.find(({ answer }) => answer === 'greeted')?.address
}
