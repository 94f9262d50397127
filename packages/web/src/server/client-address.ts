import { isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { isLoopbackHost } from '@zcast/shared/internal'

/**
 * The address that a request came from. A proxy on this machine is trusted with what it adds to `X-Forwarded-For`, or
 * all of its clients would count as one; programs on this machine could do the same, and gain little.
 */
export function findClientAddress({ socket, headers }: IncomingMessage): string {
  const peer = plainAddress(socket.remoteAddress)
  if (!isLoopbackHost(peer)) return peer
  const said = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return said !== undefined && isIP(said) !== 0 ? plainAddress(said) : peer
}

/**
 * An address without the parts that do not distinguish machines: IPv4 within IPv6 is unwrapped, and the half of an IPv6
 * address that a host chooses is left out.
 */
export function plainAddress(address: string | undefined): string {
  const plain = (address ?? 'unknown').toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  if (isIP(plain) !== 6 || plain === '::1') return plain
  const [head = ''] = plain.replace(/%.*$/, '').split('::')
  const groups = head.split(':').filter(Boolean)
  return `${[...groups, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`
}
