import { isIP } from 'node:net'
import { isLoopbackHost } from '@zcast/shared/internal'
import { type Finding, problem } from '../finding.ts'
import { findListener, formatListener } from '../machine/find-listener.ts'
import { formatSpan } from '../format-span.ts'
import { isHere } from '../machine/is-here.ts'
import type { TcpProbe } from '../machine/probe-tcp.ts'

/** A publisher that is not reached. */
export interface Failure {
  readonly endpoint: string
  readonly host: string
  readonly port: number
  /** What says most of why. */
  readonly probe: TcpProbe
  /** Every address that was tried. */
  readonly addresses: readonly string[]
  /** Another address of the same machine at which a publisher answers. */
  readonly other: string | undefined
}

/** Says why a publisher is not reached. */
export function describeFailure(failure: Failure): Finding | Promise<Finding> {
  const { endpoint, host, addresses, probe, other } = failure
  const { answer, ms } = probe
  const measurement = { endpoint, addresses, answer, ms }
  const at = addresses[0] === host ? '' : ` (${addresses.join(', ')})`
  if (other !== undefined) return describeOther(failure, other)
  if (answer === 'refused')
    return problem(
      'refused',
      `nobody listens at ${endpoint}${at}: the connection was refused in ${formatSpan(ms)}`,
      'start the publisher, check the port, and if it is on another machine start it with --host 0.0.0.0',
      measurement,
    )
  if (answer === 'no answer')
    return problem(
      'filtered',
      `no answer from ${endpoint}${at} in ${formatSpan(ms)}`,
      'a firewall drops the connection, or the machine is off: allow the port there, and check the address',
      measurement,
    )
  if (answer !== 'no way') return describeStranger(failure)
  return addresses.every((address) => isIP(address.replace(/%.*$/, '')) === 6)
    ? problem(
        'ipv6-only',
        `${endpoint}${at} is an IPv6 address, and this machine has no way to it`,
        'give this machine IPv6, or the publisher an IPv4 address',
        measurement,
      )
    : problem(
        'no-way',
        `this machine has no way to ${endpoint}${at}`,
        'check the network and the address',
        measurement,
      )
}

/** Whoever listens on one address of a machine is not found at the others. */
function describeOther({ endpoint, host, port }: Failure, other: string): Finding {
  const address = other.includes(':') ? `[${other}]` : other
  const figures = { endpoint, other }
  if (other === '::1')
    return problem(
      'ipv6-only',
      `nobody listens at ${endpoint}, but somebody does at ${address}, the IPv6 address of this machine`,
      `connect to tcp://${address}:${port}`,
      figures,
    )
  return problem(
    'loopback-only',
    `nobody listens at ${endpoint}, but somebody does at ${address}, which only this machine can reach`,
    isLoopbackHost(host)
      ? `connect to tcp://${address}:${port}`
      : 'start the publisher with --host 0.0.0.0, so that other machines reach it',
    figures,
  )
}

/** Somebody listens, and is no publisher that answers. */
async function describeStranger({ endpoint, host, port, probe }: Failure): Promise<Finding> {
  const { address, answer } = probe
  const listener = isHere(address) ? await findListener(address, port) : undefined
  const owner = formatListener(listener)
  const figures = { endpoint, answer, owner: owner || null }
  if (answer === 'silent' && listener?.owner?.name.startsWith('zcast'))
    return problem(
      'publisher-hangs',
      `${owner} listens at port ${port} and does not answer`,
      'it is stopped or stuck: continue it (kill -CONT) or start it again',
      figures,
    )
  return problem(
    'not-zeromq',
    `port ${port} of ${host} is taken${owner === '' ? '' : ` by ${owner}`}: what listens there ${describeAnswer(answer)}`,
    'end that program, or give the publisher another port (--bind) and connect to it',
    figures,
  )
}

function describeAnswer(answer: TcpProbe['answer']): string {
  if (answer === 'silent') return 'accepts connections and says nothing'
  return answer === 'ended' ? 'ends every connection' : 'speaks something else than ZeroMQ'
}
