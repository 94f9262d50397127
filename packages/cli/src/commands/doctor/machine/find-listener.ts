import { findSocketOwners, formatProcess, type ProcessInfo } from './processes.ts'
import { readSocketTable, type TableSocket } from './socket-table.ts'

/** Who listens at a port of this machine. */
export interface Listener {
  readonly port: number
  /** `undefined` where this user may not know. */
  readonly owner: ProcessInfo | undefined
}

/** The addresses that are all of a machine's. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** Who listens at these ports of this machine. On Linux only; elsewhere nobody is known. */
export async function findListeners(wants: (socket: TableSocket) => boolean): Promise<readonly Listener[]> {
  const sockets = (await readSocketTable()) ?? []
  const listening = sockets.filter((socket) => socket.state === 'listening' && wants(socket))
  const owners = await findSocketOwners(new Set(listening.map(({ inode }) => inode)))
  return listening.map(({ localPort, inode }) => ({ port: localPort, owner: owners.get(inode) }))
}

/** Who listens at an address of this machine. */
export async function findListener(address: string, port: number): Promise<Listener | undefined> {
  const [listener] = await findListeners(
    ({ localPort, localAddress }) =>
      localPort === port && (localAddress === address || EVERY_ADDRESS.has(localAddress)),
  )
  return listener
}

/** A listener in a sentence; `''` for one that is not known, as on another machine. */
export function formatListener(listener: Listener | undefined): string {
  return listener ? formatProcess(listener.owner) : ''
}
