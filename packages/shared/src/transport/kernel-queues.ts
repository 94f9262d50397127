import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/** Both ports of an established connection, and its send and receive queue, as the system's table has them. */
const CONNECTION = /: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) 01 ([\dA-F]{8}):([\dA-F]{8}) /g

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
  const ports = new Set(endpoints.map((endpoint) => Number(/^tcp:.*:(\d+)$/.exec(endpoint)?.[1])))
  ports.delete(Number.NaN)
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

/** Bytes in the queues of both ends of the connections, as far as these are on this machine. */
async function queuedBytes(ports: ReadonlySet<number>): Promise<number> {
  let bytes = 0
  for (const path of TABLES) {
    const table = await readFile(path, 'latin1').catch(() => '')
    for (const [, local = '', remote = '', sending = '', received = ''] of table.matchAll(CONNECTION)) {
      if (!ports.has(Number.parseInt(local, 16)) && !ports.has(Number.parseInt(remote, 16))) continue
      bytes += Number.parseInt(sending, 16) + Number.parseInt(received, 16)
    }
  }
  return bytes
}
