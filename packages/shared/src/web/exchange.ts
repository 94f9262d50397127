import type { IncomingMessage, ServerResponse } from 'node:http'

/** One admitted request and its response. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path and the query; the host in it says nothing. */
  readonly url: URL
  /** Whether only the head was asked for. */
  readonly headOnly: boolean
}

/** Answers with bytes and ends the exchange. */
export function sendBytes(
  exchange: Exchange,
  contentType: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = { 'Content-Type': contentType, 'Content-Length': bytes.byteLength }
  exchange.response.writeHead(200, { ...headers, ...length })
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
  const { response, headOnly } = exchange
  const text = Buffer.from(`${reason}\n`)
  if (status === 405) response.setHeader('Allow', 'GET, HEAD')
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="zcast"')
  if (status === 503) response.setHeader('Retry-After', '1')
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.byteLength,
  })
  response.end(headOnly ? undefined : text)
}
