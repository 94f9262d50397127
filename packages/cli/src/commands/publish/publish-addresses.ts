import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { isLoopback, parseEndpoint } from '@zcast/shared/internal'

const EVERYWHERE = new Set(['*', '0.0.0.0', '::'])

/**
 * The addresses that a person on another machine must connect to, for endpoints that listen on every network.
 *
 * @param interfaces - Default: those of this machine.
 */
export function describeReach(
  endpoints: readonly string[],
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  const open = endpoints
    .map((endpoint) => parseEndpoint(endpoint))
    .filter(
      (endpoint) => endpoint.transport === 'tcp' && EVERYWHERE.has(endpoint.host) && !isLoopback(endpoint),
    )
  if (open.length === 0) return []
  const hosts = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family, scopeid }) => !internal && (family === 'IPv4' || !scopeid))
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
  const ipv6 = open.some((endpoint) => endpoint.transport === 'tcp' && endpoint.host === '::')
  const shown = hosts.filter((host) => ipv6 || !host.startsWith('['))
  const lines = shown.flatMap((host) =>
    open.map(
      (endpoint) =>
        `from elsewhere: --connect tcp://${host}:${endpoint.transport === 'tcp' ? endpoint.port : ''}`,
    ),
  )
  return lines.length > 0 ? lines : ['this machine has no network on which others could reach it']
}
