import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/** An established connection: both of its ends, its send and receive queue, and the timer that runs, as the system has them. */
const CONNECTION =
  /: [\dA-F]+:([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) 01 ([\dA-F]{8}):([\dA-F]{8}) ([\dA-F]{2}):/g

/** The timer of a connection whose other end takes nothing: it is asked now and then whether it has room again. */
const ZERO_WINDOW_PROBE = '04'

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
  const stuck = (await connectionsOf(portsOf(endpoints))).filter(({ timer }) => timer === ZERO_WINDOW_PROBE)
  return stuck.slice(0, MAX_NAMED).map(({ address, port }) => `${formatAddress(address)}:${port}`)
}

function portsOf(endpoints: readonly string[]): Set<number> {
  const ports = new Set(endpoints.map((endpoint) => Number(/^tcp:.*:(\d+)$/.exec(endpoint)?.[1])))
  ports.delete(Number.NaN)
  return ports
}

/** Bytes in the queues of both ends of the connections, as far as these are on this machine. */
async function queuedBytes(ports: ReadonlySet<number>): Promise<number> {
  return (await connectionsOf(ports)).reduce((sum, { bytes }) => sum + bytes, 0)
}

interface Connection {
  /** Of the other end, as the table has it. */
  readonly address: string
  readonly port: number
  readonly bytes: number
  readonly timer: string
}

async function connectionsOf(ports: ReadonlySet<number>): Promise<Connection[]> {
  const connections: Connection[] = []
  for (const path of TABLES) {
    const table = await readFile(path, 'latin1').catch(() => '')
    for (const [
      ,
      local = '',
      address = '',
      port = '',
      sending = '',
      received = '',
      timer = '',
    ] of table.matchAll(CONNECTION)) {
      const remotePort = Number.parseInt(port, 16)
      if (!ports.has(Number.parseInt(local, 16)) && !ports.has(remotePort)) continue
      const bytes = Number.parseInt(sending, 16) + Number.parseInt(received, 16)
      connections.push({ address, port: remotePort, bytes, timer })
    }
  }
  return connections
}

/** The table has words of four bytes, each as the processor has it. */
function formatAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  return new URL(`tcp://[${groups.join(':')}]`).hostname
}
