import { formatBytes } from '../../topic/columns.ts'
import { wait } from '../../topic/wait.ts'
import { type Finding, problem } from '../finding.ts'
import { findSocketOwners, formatProcess, type ProcessInfo } from '../machine/processes.ts'
import { portsOf } from '../machine/ports-of.ts'
import { readSocketTable, type TableSocket } from '../machine/socket-table.ts'

/** Queues are looked at so often, and so far apart. */
const LOOKS = 10
const LOOK_EVERY_MS = 400

/** A queue that is always fuller than this is that of a program that does not keep up. */
const FULL_BYTES = 64 * 1024

/**
 * Checks whether programs on this machine read what comes for them, and whether subscribers of publishers on this machine
 * take what is sent: by the system's queues, whichever program it is. On Linux only.
 */
export async function* checkReaders(
  endpoints: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Finding, void> {
  const ports = portsOf(endpoints)
  const least = new Map<string, { socket: TableSocket; unread: number; unsent: number; looks: number }>()
  let looks = 0
  for (; looks < LOOKS && !signal.aborted; looks++) {
    for (const socket of (await readSocketTable()) ?? []) {
      if (socket.state !== 'established' || !(ports.has(socket.localPort) || ports.has(socket.remotePort)))
        continue
      const known = least.get(socket.inode)
      const { unread, unsent } = socket
      least.set(socket.inode, {
        socket,
        unread: Math.min(known?.unread ?? unread, unread),
        unsent: Math.min(known?.unsent ?? unsent, unsent),
        looks: (known?.looks ?? 0) + 1,
      })
    }
    await wait(LOOK_EVERY_MS, signal)
  }
  // A connection that is new may only have a burst to read.
  const lasting = [...least.values()].filter((one) => one.looks === looks)
  const owners = await findSocketOwners(new Set(lasting.map(({ socket }) => socket.inode)))
  const slow = lasting.filter(({ socket, unread }) => ports.has(socket.remotePort) && unread > FULL_BYTES)
  for (const { socket, unread } of slow) {
    const owner = owners.get(socket.inode)
    if (owner?.pid === process.pid) continue
    yield describeSlow(socket, unread, owner)
  }
  for (const { socket, unsent } of lasting) {
    const isKnown = slow.some((one) => one.socket.localPort === socket.remotePort)
    if (!ports.has(socket.localPort) || unsent <= FULL_BYTES || isKnown) continue
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    yield problem(
      'subscriber-slow',
      `the subscriber at ${peer} of port ${socket.localPort} takes less than is sent: at least ${formatBytes(unsent)} waited for it all the time`,
      'its network or its program is too slow: run "zcast doctor" there, or send less',
      { peer, port: socket.localPort, unsent },
    )
  }
}

function describeSlow(socket: TableSocket, unread: number, owner: ProcessInfo | undefined): Finding {
  const from = `${socket.remoteAddress}:${socket.remotePort}`
  return problem(
    'viewer-slow',
    `${formatProcess(owner)} reads slower than ${from} sends: at least ${formatBytes(unread)} were always waiting to be read`,
    'let it do less for each message, or show a smaller rendition',
    { from, unread, pid: owner?.pid ?? null },
  )
}
