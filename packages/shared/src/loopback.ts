import { BlockList, isIP } from 'node:net'

/** Includes each IPv4 loopback address as IPv6 writes it (`::ffff:127.0.0.1`). */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** True when a host, as an address without brackets or as a name, is reachable only from this machine. */
export function isLoopbackHost(host: string): boolean {
  const address = host.replace(/%.*$/, '')
  // A name may begin with 127 and belong to anybody.
  const version = isIP(address)
  if (version === 0) return host.toLowerCase() === 'localhost'
  return LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
