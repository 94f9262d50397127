import type { IncomingMessage, ServerResponse } from 'node:http'

/** One admitted request and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path and the query; its host is meaningless. */
  readonly url: URL
  /** True when only the head was requested. */
  readonly headOnly: boolean
}

/** Answers with bytes and ends the exchange. */
export function sendBytes(
  exchange: Exchange,
  contentType: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): void {
  const length = { 'Content-Type': contentType, 'Content-Length': bytes.byteLength }
  exchange.response.writeHead(status, { ...headers, ...length })
  exchange.response.end(exchange.headOnly ? undefined : bytes)
}

/** Answers with text, in UTF-8, and ends the exchange. */
export function sendText(exchange: Exchange, contentType: string, text: string): void {
  sendBytes(exchange, `${contentType}; charset=utf-8`, Buffer.from(text))
}

/** Answers with JSON and ends the exchange. */
export function sendJson(exchange: Exchange, value: unknown): void {
  sendText(exchange, 'application/json', `${JSON.stringify(value)}\n`)
}

/** Answers with an error status and one sentence, and ends the exchange. */
export function sendRefusal(exchange: Exchange, status: number, reason: string): void {
  const { request, response } = exchange
  if (status === 401) {
    // ffmpeg and others send a user name and password only when they are asked; a browser would show its own dialog.
    const isBrowser = request.headers['user-agent']?.startsWith('Mozilla/') === true
    const schemes = isBrowser ? ['Bearer'] : ['Basic', 'Bearer']
    response.setHeader(
      'WWW-Authenticate',
      schemes.map((scheme) => `${scheme} realm="zcast"`),
    )
  }
  const extra: Readonly<Record<number, Record<string, string>>> = {
    405: { Allow: 'GET, HEAD' },
    426: { Upgrade: 'websocket' },
    429: { 'Retry-After': '5' },
    503: { 'Retry-After': '1' },
  }
  sendBytes(exchange, 'text/plain; charset=utf-8', Buffer.from(`${reason}\n`), extra[status], status)
}
