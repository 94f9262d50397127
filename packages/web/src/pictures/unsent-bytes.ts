import type { Socket } from 'node:net'
import { queuesBetween } from '@zcast/shared'

/**
 * Bytes of a connection that the system has taken but the peer's system has not: what is on its way, and what waits
 * in the send buffer, which grows to megabytes and is felt by nobody until it is full. Of a peer on this machine, such as
 * a proxy, also what waits in its receive buffer. Known on Linux only; elsewhere `undefined`.
 */
export async function countUnsentBytes(socket: Socket): Promise<number | undefined> {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (!localAddress || !localPort || !remoteAddress || !remotePort) return undefined
  const here = { address: localAddress, port: localPort }
  const there = { address: remoteAddress, port: remotePort }
  // They ask for the same table, which is read once.
  const [own, peers] = await Promise.all([queuesBetween(here, there), queuesBetween(there, here)])
  return own && own.unsent + (peers?.unread ?? 0)
}
