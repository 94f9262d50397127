import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Only a path is a target here; read behind a fixed host, `//name/path` stays a path. */
export function parseTarget(target: string | undefined): URL | undefined {
  const address = `http://_${target}`
  return target?.startsWith('/') && URL.canParse(address) ? new URL(address) : undefined
}

/** Whether a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Answers a request for a WebSocket with an error status, and ends it. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  // A peer that keeps its side open would keep the server from closing.
  socket.once('finish', () => socket.destroy())
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff`
  socket.end(
    `${head}\r\nContent-Length: ${Buffer.byteLength(reason) + 1}\r\nConnection: close\r\n\r\n${reason}\n`,
  )
}
