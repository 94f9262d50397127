import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import type { Log } from '@zcast/shared'
import { plainAddress } from './client-address.ts'
import { isLoopbackHost } from '@zcast/shared'

/** How many connections there may be. */
export interface ConnectionLimits {
  /** Connections that a request was let in on. */
  readonly admitted: number
  /** Those of one address; a proxy on this machine brings those of many, so that loopback has no such limit. */
  readonly admittedOfOne: number
  /** How long a connection may go without a request that is let in, in milliseconds. Default 10,000. */
  readonly deadlineMs?: number | undefined
}

/** Connections that have asked for nothing yet, or for nothing that takes being let in. */
const MAX_PENDING = 128
/** The same of one address. Browsers open some ahead of need, and a proxy here passes on those of many. */
const MAX_PENDING_OF_ONE = 64
const DEFAULT_DEADLINE_MS = 10_000

interface Connection {
  readonly address: string
  /** Requests that are being answered. */
  running: number
  deadline: NodeJS.Timeout | undefined
}

/**
 * The connections of a server. A new one is pending until a request of it is let in, and has to get there before a
 * deadline; where too many are pending, the one that has been so for longest is cut off. So whoever asks at once gets
 * an answer, however many others hold connections that ask for nothing.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #log: () => Log | undefined
  /** The oldest first. */
  readonly #pending = new Map<Duplex, Connection>()
  readonly #admitted = new Map<Duplex, Connection>()

  constructor(server: Server, limits: ConnectionLimits, log: () => Log | undefined) {
    this.#limits = limits
    this.#log = log
    server.on('connection', (socket: Socket) => this.#add(socket))
  }

  /** Notes that a request is being answered. @returns A function that ends this. */
  begin(socket: Duplex): () => void {
    const connection = this.#admitted.get(socket) ?? this.#pending.get(socket)
    if (connection) connection.running += 1
    return () => {
      if (connection) connection.running -= 1
    }
  }

  /** Takes a connection for one that may stay. @returns False when there are too many of those. */
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

  /** Cuts off what is left, also what is no longer HTTP. */
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

  #setDeadline(socket: Socket, connection: Connection): void {
    const { deadlineMs = DEFAULT_DEADLINE_MS } = this.#limits
    const end = (): void => {
      // What is being sent already may take its time.
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
      `the page has too many connections that ask for nothing, such as from ${address}: the oldest are cut off`,
      undefined,
      'silent connections',
    )
  }
}
