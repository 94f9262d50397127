import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'

const TABLES = { 4: '/proc/net/tcp', 6: '/proc/net/tcp6' } as const
type Family = keyof typeof TABLES

/**
 * An established connection: its two ends, its send and receive queues, and the running timer, as the system lists
 * them.
 */
const CONNECTION =
  /: [\dA-F]+:([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) 01 ([\dA-F]{8}):([\dA-F]{8}) ([\dA-F]{2}):/g

/** The timer of a connection whose other end reads nothing: the peer is probed now and then for room. */
const ZERO_WINDOW_PROBE = '04'

/** An established connection of this machine. */
export interface TcpConnection {
  /** The other end: `127.0.0.1:80` or `[::1]:80`. */
  readonly peer: string
  /** Bytes in its send and its receive queue. */
  readonly queuedBytes: number
  /** True when the other end reads nothing although data is waiting for it. */
  readonly isStuck: boolean
}

/** One end of a connection. */
export interface TcpEnd {
  readonly address: string
  readonly port: number
}

/** The bytes waiting at one end of a connection. */
export interface TcpQueues {
  /** Bytes that were handed to the system and that the system at the other end has not received. */
  readonly unsent: number
  /** Bytes that the system has received and that have not been read. */
  readonly unread: number
}

/** The connections that have one of these ports at either end. On Linux only; elsewhere none. */
export async function connectionsAt(ports: ReadonlySet<number>): Promise<TcpConnection[]> {
  const connections: TcpConnection[] = []
  if (ports.size === 0) return connections
  for (const table of await Promise.all([readTable(4), readTable(6)])) {
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
      connections.push({
        peer: `${parseTableAddress(address)}:${remotePort}`,
        queuedBytes: Number.parseInt(sending, 16) + Number.parseInt(received, 16),
        isStuck: timer === ZERO_WINDOW_PROBE,
      })
    }
  }
  return connections
}

/**
 * The queues of the connection from one end to the other. On Linux only; elsewhere, and when there is no such
 * connection, `undefined`.
 */
export async function queuesBetween(here: TcpEnd, there: TcpEnd): Promise<TcpQueues | undefined> {
  const table = await readTable(here.address.includes(':') ? 6 : 4)
  const ends = `${formatEnd(here)} ${formatEnd(there)} `
  const at = table.indexOf(ends)
  if (at < 0) return undefined
  // The ends are followed by the state and the lengths of the queues.
  const line = table.slice(at + ends.length, at + ends.length + 21)
  const [, unsent, unread] = /^[\dA-F]{2} ([\dA-F]{8}):([\dA-F]{8})/.exec(line) ?? []
  if (unsent === undefined || unread === undefined) return undefined
  return { unsent: Number.parseInt(unsent, 16), unread: Number.parseInt(unread, 16) }
}

const running: { [family in Family]?: Promise<string> } = {}
const next: { [family in Family]?: Promise<string> } = {}

/**
 * The system's table, read once for all callers that ask at the same time. A reading that has already started would
 * miss what was written since, so nobody joins one.
 */
function readTable(family: Family): Promise<string> {
  if (process.platform !== 'linux') return Promise.resolve('')
  next[family] ??= Promise.resolve(running[family]).then(() => {
    delete next[family]
    const reading = readFile(TABLES[family], 'latin1').catch(() => '')
    running[family] = reading
    return reading
  })
  return next[family]
}

/** One end as the system's table writes it: 127.0.0.1 and port 80 are `0100007F:0050`. */
export function formatEnd({ address, port }: TcpEnd): string {
  const words = address.includes(':') ? readIpv6(address) : [readIpv4(address)]
  const bytes = Buffer.alloc(words.length * 4)
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4)
  // The table shows each word as a number in this machine's byte order.
  if (endianness() === 'LE') bytes.swap32()
  return `${bytes.toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
}

/** Reads an address of the table, which consists of four-byte words in the processor's byte order; IPv6 is in brackets. */
export function parseTableAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  return new URL(`tcp://[${groups.join(':')}]`).hostname
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
