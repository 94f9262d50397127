import type { Server } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import type { Log } from '@zcast/shared'
import { isLoopbackHost } from '@zcast/shared/internal'
import { plainAddress } from '../client-address.ts'

/** The limits on connections. */
export interface ConnectionLimits {
  /** The number of connections on which a request was admitted. */
  readonly admitted: number
  /** The same for one address; a proxy on this machine brings those of many clients, so loopback has no such limit. */
  readonly admittedOfOne: number
  /** The time that a connection may last without an admitted request, in milliseconds. Default 10,000. */
  readonly deadlineMs?: number | undefined
}

/** The number of connections without a request that needs admission. */
const MAX_PENDING = 128
/** The same for one address. Browsers open some in advance, and a proxy here passes on those of many clients. */
const MAX_PENDING_OF_ONE = 64
const DEFAULT_DEADLINE_MS = 10_000

interface Connection {
  readonly address: string
  /** The number of requests being answered. */
  running: number
  deadline: NodeJS.Timeout | undefined
}

/**
 * The connections of a server. A new one is pending until a request on it is admitted, and must get there before a
 * deadline; when too many are pending, the oldest pending one is cut off. So clients that send a request at once get an
 * answer, however many others hold connections without a request.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #log: () => Log | undefined
  /** Oldest first. */
  readonly #pending = new Map<Duplex, Connection>()
  readonly #admitted = new Map<Duplex, Connection>()

  constructor(server: Server, limits: ConnectionLimits, log: () => Log | undefined) {
    this.#limits = limits
    this.#log = log
    server.on('connection', (socket: Socket) => this.#add(socket))
    server.on('secureConnection', (socket: TLSSocket) => this.#replace(socket))
  }

  /** Notes that a request is being answered. @returns A function that ends this. */
  begin(socket: Duplex): () => void {
    const connection = this.#admitted.get(socket) ?? this.#pending.get(socket)
    if (connection) connection.running += 1
    return () => {
      if (connection) connection.running -= 1
    }
  }

  /** Marks a connection as one that may stay. @returns False when there are too many of those. */
  admit(socket: Duplex): boolean {
    const connection = this.#pending.get(socket)
    if (!connection) return true
    const { address } = connection
    const own = [...this.#admitted].filter(([, admitted]) => admitted.address === address)
    const isCrowded = !isLoopbackHost(address) && own.length >= this.#limits.admittedOfOne
    if (isCrowded && !this.#cutIdle(own)) return false
    if (this.#admitted.size >= this.#limits.admitted && !this.#cutIdle(this.#admitted)) return false
    clearTimeout(connection.deadline)
    this.#pending.delete(socket)
    this.#admitted.set(socket, connection)
    return true
  }

  /** Cuts off all remaining connections, even those that are no longer HTTP. */
  close(): void {
    for (const socket of [...this.#pending.keys(), ...this.#admitted.keys()]) socket.destroy()
  }

  #add(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress)
    const connection: Connection = { address, running: 0, deadline: undefined }
    this.#pending.set(socket, connection)
    this.#setDeadline(socket, connection)
    socket.once('close', () => {
      clearTimeout(connection.deadline)
      this.#pending.delete(socket)
      this.#admitted.delete(socket)
    })
    const own = [...this.#pending].filter(([, pending]) => pending.address === address)
    if (own.length > MAX_PENDING_OF_ONE) this.#cutPending(own[0])
    else if (this.#pending.size > MAX_PENDING) this.#cutPending(this.#pending.entries().next().value)
  }

  /** Over TLS requests come on another socket than the connection itself, which counts until the handshake is done. */
  #replace(secure: TLSSocket): void {
    const { remoteAddress, remotePort } = secure
    for (const [socket, { deadline }] of this.#pending) {
      const plain = socket as Socket
      if (plain.remotePort !== remotePort || plain.remoteAddress !== remoteAddress) continue
      clearTimeout(deadline)
      this.#pending.delete(socket)
      break
    }
    this.#add(secure)
  }

  #setDeadline(socket: Socket, connection: Connection): void {
    const { deadlineMs = DEFAULT_DEADLINE_MS } = this.#limits
    const end = (): void => {
      // An answer that is already being sent may take its time.
      if (connection.running > 0) this.#setDeadline(socket, connection)
      else socket.destroy()
    }
    connection.deadline = setTimeout(end, deadlineMs).unref()
  }

  #cutIdle(connections: Iterable<[Duplex, Connection]>): boolean {
    for (const [socket, { running }] of connections) {
      if (running > 0) continue
      this.#admitted.delete(socket)
      socket.destroy()
      return true
    }
    return false
  }

  #cutPending(oldest: [Duplex, Connection] | undefined): void {
    if (!oldest) return
    const [socket, { address }] = oldest
    this.#pending.delete(socket)
    socket.destroy()
    this.#log()?.warning(
      `the page has too many connections without a request, for example from ${address}: the oldest are cut off`,
      undefined,
      'silent connections',
    )
  }
}
