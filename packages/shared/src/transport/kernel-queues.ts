import { setTimeout as delay } from 'node:timers/promises'
import { connectionsAt } from './tcp-table.ts'

const MAX_NAMED = 3

const LOOK_EVERY_MS = 10

/** ZeroMQ may be about to hand more to the system: the queues must be found empty this many times in a row. */
const LOOKS = 3

/** The time given to subscribers on other machines for what their system has already received. */
const GRACE_MS = 300

/**
 * Waits until the system has delivered what was written to the connections at these endpoints, up to a limit. A socket
 * that is closed earlier is reset by the first byte that comes from its peer, such as a heartbeat's, and the content of
 * the send buffer is lost without a trace: up to megabytes, which is tens of thousands of arrays (measured). On Linux
 * only; elsewhere it returns at once.
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

/** The peers at these endpoints that read nothing, at most three. On Linux only. */
export async function stuckPeers(endpoints: readonly string[]): Promise<string[]> {
  const stuck = (await connectionsAt(portsOf(endpoints))).filter(({ isStuck }) => isStuck)
  return stuck.slice(0, MAX_NAMED).map(({ peer }) => peer)
}

function portsOf(endpoints: readonly string[]): Set<number> {
  const ports = new Set(endpoints.map((endpoint) => Number(/^tcp:.*:(\d+)$/.exec(endpoint)?.[1])))
  ports.delete(Number.NaN)
  return ports
}

/** Bytes in the queues of both ends of the connections, for the ends that are on this machine. */
async function queuedBytes(ports: ReadonlySet<number>): Promise<number> {
  return (await connectionsAt(ports)).reduce((sum, connection) => sum + connection.queuedBytes, 0)
}
