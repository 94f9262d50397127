import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Only a path is accepted as a target; parsed after a fixed host, `//name/path` stays a path. */
export function parseTarget(target: string | undefined): URL | undefined {
  const address = `http://_${target}`
  return target?.startsWith('/') && URL.canParse(address) ? new URL(address) : undefined
}

/** The reason why a request cannot be read at all; `undefined` when it can. */
export function findFault(request: IncomingMessage): string | undefined {
  // Of two Host headers, this server may read one and a proxy the other.
  const hosts = request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  if (hosts.length > 1) return 'the request has more than one Host header'
  return parseTarget(request.url) ? undefined : 'the request target is not a path'
}

/** True when a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** True when a request is for a WebSocket, and not for an optional protocol such as `h2c`. */
export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return /(?:^|[\s,])websocket(?:$|[\s,])/i.test(headers.upgrade ?? '')
}

/** Answers a request for a WebSocket with an error status, and closes it. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  // A peer that keeps its side open would keep the server from closing.
  socket.once('finish', () => socket.destroy())
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff`
  socket.end(
    `${head}\r\nContent-Length: ${Buffer.byteLength(reason) + 1}\r\nConnection: close\r\n\r\n${reason}\n`,
  )
}

/** The sentence for a path that does not exist. A proxy that serves us below a path must remove that path. */
export function describeNothing({ pathname }: URL): string {
  const isBelow = pathname.lastIndexOf('/') > 0
  const hint =
    '; a proxy that serves this below a path must remove that path (in nginx, proxy_pass must end with /)'
  return `there is nothing here${isBelow ? hint : ''}`
}
