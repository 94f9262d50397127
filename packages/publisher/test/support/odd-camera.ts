import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'

/** A key and a certificate that it has signed itself. */
export const TEST_CERTIFICATE = fileURLToPath(new URL('../fixtures/test-camera.pem', import.meta.url))

/** What a camera does with a request: its text, the socket, and how many came before. */
export type Answering = (request: string, socket: Socket, count: number) => void | Promise<void>

/** A camera that answers in its own way, byte by byte: no web server is in between. */
export class OddCamera {
  /** The requests so far. */
  readonly requests: string[] = []
  /** How many connections were made. */
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, answer: Answering, event: string) {
    this.#server = server
    server.on(event, (socket: Socket) => {
      this.connections++
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
      let text = ''
      socket.on('data', (data) => {
        text += data.toString('latin1')
        for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
          const request = text.slice(0, end + 4)
          text = text.slice(end + 4)
          void answer(request, socket, this.requests.push(request) - 1)
        }
      })
    })
  }

  static async open(answer: Answering, { tls = false } = {}): Promise<OddCamera> {
    const pem = tls ? readFileSync(TEST_CERTIFICATE) : undefined
    const server = pem ? createTlsServer({ key: pem, cert: pem }) : createServer()
    // Handshakes that fail are part of what is tested.
    server.on('tlsClientError', () => {})
    const camera = new OddCamera(server, answer, tls ? 'secureConnection' : 'connection')
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return camera
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** One part of a multipart stream, as most cameras write it. */
export function part(jpeg: Uint8Array, { boundary = '--frame', end = '\r\n' } = {}): Buffer {
  const head = [boundary, 'Content-Type: image/jpeg', `Content-Length: ${jpeg.length}`, '', ''].join(end)
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from(end)])
}

/** The head of an endless stream of parts. */
export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n'
