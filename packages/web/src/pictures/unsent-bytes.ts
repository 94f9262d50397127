import type { Socket } from 'node:net'
import { queuesBetween } from '@zcast/shared/internal'

/**
 * Counts the bytes of a connection that the system has accepted but the peer's system has not: those in flight, and
 * those waiting in the send buffer, which grows to megabytes and goes unnoticed until it is full. For a peer on this
 * machine, such as a proxy, also those in its receive buffer. Known on Linux only; elsewhere `undefined`.
 */
export async function countUnsentBytes(socket: Socket): Promise<number | undefined> {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (!localAddress || !localPort || !remoteAddress || !remotePort) return undefined
  const here = { address: localAddress, port: localPort }
  const there = { address: remoteAddress, port: remotePort }
  // Both ask for the same table, which is read once.
  const [own, peers] = await Promise.all([queuesBetween(here, there), queuesBetween(there, here)])
  return own && own.unsent + (peers?.unread ?? 0)
}
