import { connect, type Socket } from 'node:net'
import { GREETING, ready, sendInTurn } from '../fuzz/zmtp.ts'

const SUBSCRIBER = Buffer.concat([GREETING, ready('SUB')])

/** A connection costs whoever makes it three packets, of 40 to 60 bytes. */
const CONNECTION_BYTES = 150

/** The connections of one attacker, and what they have cost it. */
export class RawPeers {
  /** Bytes sent so far, and what the connections took. */
  bytes = 0
  readonly #sockets = new Set<Socket>()
  readonly #timers: NodeJS.Timeout[] = []

  /** One more connection, which sends this and nothing else. It reads only when that is asked for. */
  open(port: number, bytes: Uint8Array | string = '', { reads = true } = {}): Socket {
    const socket = connect(port, '127.0.0.1')
    this.#sockets.add(socket)
    this.bytes += CONNECTION_BYTES
    // A reset is what such a peer has coming.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    if (reads) socket.resume()
    else socket.pause()
    this.send(socket, bytes)
    return socket
  }

  /** A connection that shakes hands as a subscriber, and then sends this. */
  subscribe(port: number, messages: readonly Buffer[]): Socket {
    const socket = this.open(port)
    const bytes = Buffer.concat([SUBSCRIBER, ...messages])
    this.bytes += bytes.length
    sendInTurn(socket, bytes)
    return socket
  }

  send(socket: Socket, bytes: Uint8Array | string): void {
    if (bytes.length === 0 || socket.destroyed) return
    this.bytes += bytes.length
    socket.write(bytes)
  }

  /** Does something again and again; not at once, so that subscribers have shaken hands. */
  every(ms: number, act: () => void): void {
    this.#timers.push(setInterval(act, ms))
  }

  /** Ends everything. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const socket of this.#sockets) socket.destroy()
  }
}
