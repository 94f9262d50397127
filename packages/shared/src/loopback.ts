import { BlockList, isIP } from 'node:net'

/** Of IPv6 also each IPv4 address as it is written there (`::ffff:127.0.0.1`). */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether a host, as an address without brackets or as a name, can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  const address = host.replace(/%.*$/, '')
  // A name may begin with 127 and belong to anybody.
  const version = isIP(address)
  if (version === 0) return host.toLowerCase() === 'localhost'
  return LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
