import { readFile } from 'node:fs/promises'
import { parseTableAddress } from '@zcast/shared/internal'

/** A TCP socket of this machine, as the system lists it. */
export interface TableSocket {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly state: 'listening' | 'established'
  /** Bytes that its peer has not taken yet. */
  readonly unsent: number
  /** Bytes that came and that its program has not read yet. */
  readonly unread: number
  readonly inode: string
}

const ROW =
  /^\s*\d+: ([\dA-F]+):([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) (0A|01) ([\dA-F]{8}):([\dA-F]{8}) \S+ \S+ +\d+ +\d+ (\d+)/gm

/** The TCP sockets that listen or are connected. On Linux only; elsewhere `undefined`. */
export async function readSocketTable(): Promise<readonly TableSocket[] | undefined> {
  if (process.platform !== 'linux') return undefined
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => '')),
  )
  return tables.flatMap((table) => [...table.matchAll(ROW)].map(readRow))
}

function readRow(row: RegExpMatchArray): TableSocket {
  const [
    ,
    address = '',
    port = '',
    farAddress = '',
    farPort = '',
    state,
    unsent = '',
    unread = '',
    inode = '',
  ] = row
  return {
    localAddress: readAddress(address),
    localPort: Number.parseInt(port, 16),
    remoteAddress: readAddress(farAddress),
    remotePort: Number.parseInt(farPort, 16),
    state: state === '0A' ? 'listening' : 'established',
    unsent: Number.parseInt(unsent, 16),
    unread: Number.parseInt(unread, 16),
    inode,
  }
}

/** As the table writes what comes before an IPv4 address in IPv6: in this machine's byte order. */
const MAPPED = /^0{16}(0000FFFF|FFFF0000)/

/** Without brackets. An IPv4 address in IPv6 is written as IPv4. */
function readAddress(hex: string): string {
  return parseTableAddress(hex.replace(MAPPED, '')).replaceAll(/[[\]]/g, '')
}
