import { createServer, type AddressInfo } from 'node:net'

/** Ports on 127.0.0.1 that nobody listens on, each another one. */
export async function freePorts(count: number): Promise<readonly number[]> {
  // All are held at once, so that the system cannot give the same one twice.
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
