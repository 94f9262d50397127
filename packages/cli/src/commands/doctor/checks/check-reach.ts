import { networkInterfaces } from 'node:os'
import { access } from 'node:fs/promises'
import { isIP } from 'node:net'
import { isLoopbackHost, lookUpHost, parseEndpoint } from '@zcast/shared/internal'
import { formatMs } from '../../topic/columns.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'
import { findListener, formatListener } from '../machine/find-listener.ts'
import { probeTcp, type TcpProbe } from '../machine/probe-tcp.ts'

/** What is known of an endpoint before anything is subscribed to. */
export interface Reach {
  readonly findings: readonly Finding[]
  /** True when ZeroMQ listens there. */
  readonly isThere: boolean
}

const MAX_ADDRESSES = 4

/** Finds out whether a publisher can be reached, and if not, why. */
export async function checkReach(endpoint: string, isDefault: boolean, signal: AbortSignal): Promise<Reach> {
  const parsed = parseEndpoint(endpoint)
  if (parsed.transport !== 'tcp') return checkFile(endpoint, parsed.name)
  const { host, port } = parsed as { host: string; port: number }
  const bare = host.replace(/%.*$/, '')
  const addresses = isIP(bare) === 0 ? await lookUpHost(host).catch(() => []) : [host]
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
  const there = probes.filter(({ answer }) => answer === 'greeted')
  const [best] = there
  if (best) return { isThere: true, findings: [describeThere(endpoint, best, probes)] }
  const other = isIP(bare) !== 0 ? await answersElsewhere(host, port, signal) : undefined
  const worst = probes.find(({ answer }) => answer !== 'refused') ?? (probes[0] as TcpProbe)
  if (worst.answer === 'refused' && isDefault && !other)
    return unreachable(fine('nobody', `nobody listens at ${endpoint}`, { endpoint, answer: worst.answer }))
  return unreachable(await describeFailure(endpoint, { host, port, worst, probes, other }))
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
      `${endpoint} is reached at ${address} (${formatMs(ms)} ms), and not at ${silent.join(', ')}`,
      `programs that try only one address do not reach it: write ${address.includes(':') ? `[${address}]` : address} instead of the name, or let the publisher listen on both`,
      measurement,
    )
  return fine(
    'reached',
    `${endpoint} answers in ${formatMs(ms)} ms${mechanism === 'CURVE' ? ', encrypted' : ''}`,
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

function isHere(host: string): boolean {
  return (
    isLoopbackHost(host) ||
    Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host) ?? false)
  )
}

interface Failure {
  readonly host: string
  readonly port: number
  readonly worst: TcpProbe
  readonly probes: readonly TcpProbe[]
  /** Another address at which the publisher answers. */
  readonly other: string | undefined
}

async function describeFailure(
  endpoint: string,
  { host, port, worst, probes, other }: Failure,
): Promise<Finding> {
  const { answer, ms, address } = worst
  const addresses = probes.map((probe) => probe.address)
  const measurement = { endpoint, addresses, answer, ms }
  const at = address === host ? '' : ` (${addresses.join(', ')})`
  if (other !== undefined)
    return other === '::1' && isLoopbackHost(host)
      ? problem(
          'ipv6-only',
          `nobody listens at ${endpoint}, but somebody does at [::1], its IPv6 address`,
          `connect to tcp://[::1]:${port}`,
          { ...measurement, other },
        )
      : problem(
          'loopback-only',
          `nobody listens at ${endpoint}, but somebody does at ${other}, which only this machine can reach`,
          isLoopbackHost(host)
            ? `connect to tcp://${other}:${port}`
            : 'start the publisher with --host 0.0.0.0',
          { ...measurement, other },
        )
  switch (answer) {
    case 'refused':
      return problem(
        'refused',
        `nobody listens at ${endpoint}${at}: the connection was refused in ${formatMs(ms)} ms`,
        'start the publisher, check the port, and if it is on another machine start it with --host 0.0.0.0',
        measurement,
      )
    case 'no answer':
      return problem(
        'filtered',
        `no answer from ${endpoint}${at} in ${formatMs(ms)} ms`,
        'a firewall drops the connection, or the machine is off: allow the port there, and check the address',
        measurement,
      )
    case 'no way':
      return addresses.every((one) => isIP(one) === 6)
        ? problem(
            'ipv6-only',
            `${endpoint}${at} has only an IPv6 address, and this machine has no way to it`,
            'give this machine IPv6, or the publisher an IPv4 address',
            measurement,
          )
        : problem(
            'no-way',
            `this machine has no way to ${endpoint}${at}`,
            'check the network and the address',
            measurement,
          )
    default: {
      const owner = isHere(address) ? formatListener(await findListener(address, port)) : ''
      const what =
        answer === 'silent'
          ? 'accepts connections and says nothing'
          : answer === 'ended'
            ? 'ends every connection'
            : 'speaks something else than ZeroMQ'
      return problem(
        'not-zeromq',
        `port ${port} of ${host} is taken${owner === '' ? '' : ` by ${owner}`}, which ${what}`,
        'end that program, or give the publisher another port (--bind) and connect to it',
        { ...measurement, owner: owner || null },
      )
    }
  }
}
