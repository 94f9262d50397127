import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EndpointError } from '@zcast/shared'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'

/** A page of counts for Prometheus, on this machine only. */
export interface MetricsServer {
  readonly address: string
  close(): void
}

/**
 * Serves what `read` returns at `/metrics`.
 *
 * @param port - 0 for any free one.
 * @throws {@link EndpointError} `ERR_ADDRESS_IN_USE` when the port is taken, `ERR_ADDRESS_UNAVAILABLE` when it
 *   cannot be used otherwise.
 */
export async function serveMetrics(port: number, read: () => string): Promise<MetricsServer> {
  const server = createServer(({ method, url }, response) => {
    const isAsked = url === '/metrics' && (method === 'GET' || method === 'HEAD')
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(isAsked && method === 'GET' ? read() : '')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      // A port below 1024 may be forbidden, too.
      const isTaken = systemErrorCode(cause) === 'EADDRINUSE'
      reject(
        new EndpointError(
          isTaken ? 'ERR_ADDRESS_IN_USE' : 'ERR_ADDRESS_UNAVAILABLE',
          `http://127.0.0.1:${port}`,
          `cannot serve metrics on port ${port}: ${isTaken ? 'another program uses it' : errorMessage(cause)}; choose another --metrics-port`,
          { cause },
        ),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: chosen } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${chosen}/metrics`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
