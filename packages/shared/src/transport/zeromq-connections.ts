import type * as zmq from 'zeromq'
import { EndpointNames } from './endpoint-names.ts'
import { HostDialer, type LookUp } from './host-dialer.ts'
import { PeerCount } from './peer-count.ts'
import { connectTo } from './zeromq-attach.ts'
import type { ZeromqEvents } from './zeromq-events.ts'

/**
 * The time after which a lost connection without a new attempt is made again; also the shortest time between two
 * attempts.
 */
const REVIVE_AFTER_MS = 1000

const ATTEMPTS = ['connect', 'connect:delay', 'connect:retry'] as const

const ENDS = [
  'disconnect',
  'handshake:error:protocol',
  'handshake:error:auth',
  'handshake:error:other',
] as const

/** The listeners to a socket's connections. */
export interface ConnectionListener {
  /** Called after each change of `peers`. */
  readonly onPeers: () => void
  /**
   * Called when ZeroMQ has given up an established connection: the peer sent a part over the limit, or something other
   * than ZMTP. Never called for peers that had connected to this end, of which ZeroMQ reports only that they are gone.
   */
  readonly onGivenUp: (endpoint: string) => void
  /** Called each time the host of an endpoint could not be found. */
  readonly onUnknownHost: (endpoint: string) => void
}

/**
 * Watches the connections of a socket: counts its peers, tries the addresses of hosts in turn, and restores connections
 * that ZeroMQ has given up. Create it before the socket binds or connects, or the first handshake could be missed.
 */
export class ZeromqConnections {
  readonly #socket: zmq.Socket
  readonly #events: ZeromqEvents
  readonly #lookUp: LookUp
  readonly #listener: ConnectionListener
  readonly #names = new EndpointNames()
  /** The address that each endpoint to connect to uses now. */
  readonly #targets = new Map<string, string>()
  readonly #dialers = new Map<string, HostDialer>()
  readonly #revivals = new Map<string, NodeJS.Timeout>()
  readonly #count = new PeerCount()
  #peers = 0

  constructor(socket: zmq.Socket, events: ZeromqEvents, lookUp: LookUp, listener: ConnectionListener) {
    this.#socket = socket
    this.#events = events
    this.#lookUp = lookUp
    this.#listener = listener
    this.#watchPeers()
    this.#watchAttempts()
  }

  /**
   * Connects to an endpoint, repeatedly until `close`.
   *
   * @throws {@link EndpointError} `ERR_ADDRESS_UNAVAILABLE` when this machine cannot.
   */
  connect(endpoint: string): void {
    const dialer = HostDialer.for(endpoint, {
      lookUp: this.#lookUp,
      move: (_, to) => this.#move(endpoint, to),
      onUnknown: () => this.#listener.onUnknownHost(endpoint),
    })
    if (dialer) this.#dialers.set(endpoint, dialer)
    else this.#move(endpoint, endpoint)
  }

  /** Ends the connection to an endpoint and makes it again. */
  renew(endpoint: string): void {
    const target = this.#targets.get(endpoint)
    // A host that has not been found yet has no connection.
    if (target !== undefined) this.#move(endpoint, target)
  }

  /** The number of connected peers. */
  get peers(): number {
    return this.#peers
  }

  /** Notes that this end removed an endpoint, which ends its connections without an event. */
  remove(endpoint: string): void {
    this.#count.remove(endpoint)
    this.#tellPeers()
  }

  /** Ends all attempts. */
  close(): void {
    for (const dialer of this.#dialers.values()) dialer.close()
    for (const timer of this.#revivals.values()) clearTimeout(timer)
    this.#revivals.clear()
  }

  #watchPeers(): void {
    for (const event of ['connect', 'accept', 'handshake', 'disconnect'] as const) {
      this.#events.on(event, ({ address }) => {
        this.#count[event](this.#names.find(address))
        this.#tellPeers()
      })
    }
  }

  #watchAttempts(): void {
    for (const event of [...ATTEMPTS, 'handshake'] as const) {
      this.#events.on(event, ({ address }) => this.#endRevival(this.#names.find(address)))
    }
    for (const event of ENDS) {
      this.#events.on(event, ({ address }) => {
        this.#scheduleRevival(this.#names.find(address), event === 'disconnect')
      })
    }
    this.#events.on('handshake', ({ address }) => this.#dialers.get(this.#names.find(address))?.answered())
    // ZeroMQ closes a connection here after a failed attempt, or when the address was given up for another one.
    this.#events.on('close', ({ address }) => {
      const dialer = this.#dialers.get(this.#names.find(address))
      if (dialer?.target === address) dialer.failed()
    })
  }

  #tellPeers(): void {
    const { ready } = this.#count
    if (ready === this.#peers || this.#socket.closed) return
    this.#peers = ready
    this.#listener.onPeers()
  }

  /** Connects to an address, and gives up the previous one. */
  #move(endpoint: string, to: string): void {
    if (this.#socket.closed) return
    const from = this.#targets.get(endpoint)
    if (from !== undefined) {
      this.#socket.disconnect(from)
      this.remove(endpoint)
    }
    this.#targets.set(endpoint, to)
    this.#names.add(to, endpoint)
    connectTo(this.#socket, to)
  }

  /**
   * After a protocol error, a refused key or a message over the limit, libzmq closes the session and never reconnects,
   * and a second `connect` does nothing (measured): remove the endpoint and connect again.
   */
  #scheduleRevival(endpoint: string, hadComeAbout: boolean): void {
    if (this.#revivals.has(endpoint) || this.#socket.closed || !this.#targets.has(endpoint)) return
    const timer = setTimeout(() => {
      this.#revivals.delete(endpoint)
      if (this.#socket.closed) return
      if (hadComeAbout) this.#listener.onGivenUp(endpoint)
      this.#move(endpoint, this.#dialers.get(endpoint)?.next() ?? (this.#targets.get(endpoint) as string))
    }, REVIVE_AFTER_MS)
    timer.unref()
    this.#revivals.set(endpoint, timer)
  }

  #endRevival(endpoint: string): void {
    clearTimeout(this.#revivals.get(endpoint))
    this.#revivals.delete(endpoint)
  }
}
