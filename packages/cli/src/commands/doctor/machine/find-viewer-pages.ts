import { portsOf } from './ports-of.ts'
import { findSocketOwners } from './processes.ts'
import { readSocketTable } from './socket-table.ts'

/** The pages of this machine's viewers that are connected to these endpoints. On Linux only. */
export async function findViewerPages(endpoints: readonly string[]): Promise<readonly string[]> {
  const ports = portsOf(endpoints)
  const sockets = ((await readSocketTable()) ?? []).filter(
    ({ state, remotePort }) => state === 'listening' || ports.has(remotePort),
  )
  const owners = await findSocketOwners(new Set(sockets.map(({ inode }) => inode)))
  const ownerOf = ({ inode }: { readonly inode: string }): number | undefined => {
    const owner = owners.get(inode)
    return owner?.name.startsWith('zcast viewer') ? owner.pid : undefined
  }
  const viewers = new Set(sockets.filter(({ state }) => state === 'established').map(ownerOf))
  viewers.delete(undefined)
  return sockets
    .filter((socket) => socket.state === 'listening' && viewers.has(ownerOf(socket)))
    .map(({ localPort }) => `http://127.0.0.1:${localPort}`)
}
