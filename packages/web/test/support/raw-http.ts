import { request as sendRequest, type IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'

/** A whole answer. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

/** Sends a request with exactly the headers given; unlike `fetch` it lets a test set Host, Origin and Cookie. */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  sentBody?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() })
      })
    })
    request.on('error', reject)
    request.end(sentBody)
  })
}

/** Tries to open a WebSocket. @returns It, open; or the HTTP status that refused it. */
export function openSocket(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}
