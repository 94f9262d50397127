import type { Server } from 'node:http'
import { EndpointError } from '@zcast/shared'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { formatAuthority } from './host-address.ts'

/**
 * Starts listening.
 *
 * @returns The port; for 0, the one that the system chose.
 * @throws {@link EndpointError} `ERR_ADDRESS_IN_USE`, or `ERR_ADDRESS_UNAVAILABLE` when this machine cannot bind it.
 */
export async function listen(server: Server, host: string, port: number, scheme = 'http'): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    throw explain(error, `${scheme}://${formatAuthority(host, port)}`)
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function explain(error: unknown, address: string): EndpointError {
  const code = systemErrorCode(error)
  const options = { cause: error }
  if (code === 'EADDRINUSE') {
    const message = `cannot listen on ${address}: another program already does; stop it, or choose another port with --port (0 picks a free one)`
    return new EndpointError('ERR_ADDRESS_IN_USE', address, message, options)
  }
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'ports below 1024 need privileges; choose a higher one with --port',
    EADDRNOTAVAIL: 'this machine has no such address; check --host',
    ENOTFOUND: 'the host is unknown; check --host',
  }
  const reason = reasons[code ?? ''] ?? errorMessage(error)
  return new EndpointError(
    'ERR_ADDRESS_UNAVAILABLE',
    address,
    `cannot listen on ${address}: ${reason}`,
    options,
  )
}
