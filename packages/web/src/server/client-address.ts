import { isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { isLoopbackHost } from '@zcast/shared'

/**
 * The address that a request came from. A proxy on this machine is believed what it adds to `X-Forwarded-For`, or all
 * who come through it would be taken for one; programs on this machine could say the same, and gain little.
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

/** An address without what does not tell one machine from another: IPv4 within IPv6, and the half that a host chooses. */
export function plainAddress(address: string | undefined): string {
  const plain = (address ?? 'unknown').toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  if (isIP(plain) !== 6 || plain === '::1') return plain
  const [head = ''] = plain.replace(/%.*$/, '').split('::')
  const groups = head.split(':').filter(Boolean)
  return `${[...groups, '0', '0', '0', '0'].slice(0, 4).join(':')}::/64`
}
