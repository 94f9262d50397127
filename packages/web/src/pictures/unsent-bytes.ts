import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { endianness } from 'node:os'

const TABLES = { 4: '/proc/net/tcp', 6: '/proc/net/tcp6' } as const
type Family = keyof typeof TABLES

const running: { [family in Family]?: Promise<string> } = {}
const next: { [family in Family]?: Promise<string> } = {}

/**
 * Bytes of a connection that the system has taken but the peer's system has not: what is on its way, and what waits
 * in the send buffer, which grows to megabytes and is felt by nobody until it is full. Of a peer on this machine, such as
 * a proxy, also what waits in its receive buffer. Known on Linux only, from one reading of the system's table for all who
 * ask at the same time; elsewhere `undefined`.
 */
export async function countUnsentBytes(socket: Socket): Promise<number | undefined> {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (process.platform !== 'linux' || !localAddress || !localPort || !remoteAddress || !remotePort)
    return undefined
  const table = await readTable(localAddress.includes(':') ? 6 : 4)
  const here = formatEnd(localAddress, localPort)
  const there = formatEnd(remoteAddress, remotePort)
  const [unsent] = findQueues(table, `${here} ${there} `) ?? []
  const [, unread = 0] = findQueues(table, `${there} ${here} `) ?? []
  return unsent === undefined ? undefined : unsent + unread
}

/** Finds a connection by its two ends; after them come its state and the lengths of its send and receive queues. */
function findQueues(table: string, ends: string): readonly number[] | undefined {
  const at = table.indexOf(ends)
  if (at < 0) return undefined
  const line = table.slice(at + ends.length, at + ends.length + 21)
  const match = /^[\dA-F]{2} ([\dA-F]{8}):([\dA-F]{8})/.exec(line)
  return match?.slice(1).map((queue) => Number.parseInt(queue, 16))
}

/** One end as the system's table has it: 127.0.0.1 and port 80 are `0100007F:0050`. */
export function formatEnd(address: string, port: number): string {
  const words = address.includes(':') ? readIpv6(address) : [readIpv4(address)]
  const bytes = Buffer.alloc(words.length * 4)
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4)
  // The table shows each word as a number of this machine.
  if (endianness() === 'LE') bytes.swap32()
  return `${bytes.toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
}

/** What was read before somebody asked would not know what was written since, so nobody joins a running reading. */
function readTable(family: Family): Promise<string> {
  next[family] ??= Promise.resolve(running[family]).then(() => {
    delete next[family]
    const reading = readFile(TABLES[family], 'latin1').catch(() => '')
    running[family] = reading
    return reading
  })
  return next[family]
}

function readIpv4(address: string): number {
  return address.split('.').reduce((word, byte) => word * 256 + Number(byte), 0)
}

function readIpv6(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/[\d.]*\.[\d.]*$/, (tail) => {
    const word = readIpv4(tail)
    return `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`
  })
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter(Boolean))
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const groups = [...head, ...missing, ...tail].map((group) => Number.parseInt(group, 16))
  return [0, 2, 4, 6].map((at) => (groups[at] as number) * 65_536 + (groups[at + 1] as number))
}
