import { setTimeout as delay } from 'node:timers/promises'
import { connectionsAt } from './tcp-table.ts'

const MAX_NAMED = 3

const LOOK_EVERY_MS = 10

/** ZeroMQ may be about to hand more to the system: the queues have to be found empty so many times in a row. */
const LOOKS = 3

/** How long subscribers on other machines are given for what their system has received already. */
const GRACE_MS = 300

/**
 * Waits until the system has delivered what was written to the connections at these endpoints, for so long at the
 * most. A socket that is closed before is reset by the first byte that comes from its peer, such as a heartbeat's,
 * and what waited in the send buffer is gone without a trace: up to megabytes, which is tens of thousands of arrays
 * (measured). On Linux only; elsewhere it returns at once.
 */
export async function untilDelivered(endpoints: readonly string[], limitMs: number): Promise<void> {
  const ports = portsOf(endpoints)
  if (process.platform !== 'linux' || ports.size === 0) return
  const endMs = performance.now() + limitMs
  let waited = false
  for (let empty = 0; empty < LOOKS && performance.now() < endMs; await delay(LOOK_EVERY_MS)) {
    if ((await queuedBytes(ports)) === 0) empty += 1
    else {
      empty = 0
      waited = true
    }
  }
  if (waited) await delay(Math.max(0, Math.min(GRACE_MS, endMs - performance.now())))
}

/** The other ends of the connections at these endpoints that take nothing, three at the most. On Linux only. */
export async function stuckPeers(endpoints: readonly string[]): Promise<string[]> {
  const stuck = (await connectionsAt(portsOf(endpoints))).filter(({ isStuck }) => isStuck)
  return stuck.slice(0, MAX_NAMED).map(({ peer }) => peer)
}

function portsOf(endpoints: readonly string[]): Set<number> {
  const ports = new Set(endpoints.map((endpoint) => Number(/^tcp:.*:(\d+)$/.exec(endpoint)?.[1])))
  ports.delete(Number.NaN)
  return ports
}

/** Bytes in the queues of both ends of the connections, as far as these are on this machine. */
async function queuedBytes(ports: ReadonlySet<number>): Promise<number> {
  return (await connectionsAt(ports)).reduce((sum, connection) => sum + connection.queuedBytes, 0)
}
