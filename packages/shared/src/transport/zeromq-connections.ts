import type * as zmq from 'zeromq'
import { EndpointNames } from './endpoint-names.ts'
import { PeerCount } from './peer-count.ts'

/** How long a lost connection may go without a new attempt before it is made anew; also the least time between two. */
const REVIVE_AFTER_MS = 1000

const ATTEMPTS = ['connect', 'connect:delay', 'connect:retry'] as const

const ENDS = [
  'disconnect',
  'handshake:error:protocol',
  'handshake:error:auth',
  'handshake:error:other',
] as const

/**
 * Watches over the connections of a socket: counts its peers, and makes those anew that ZeroMQ has given up. Made
 * before the socket binds or connects, or the first handshake could be missed.
 */
export class ZeromqConnections {
  readonly #socket: zmq.Socket
  readonly #connects: ReadonlySet<string>
  readonly #names: EndpointNames
  readonly #onPeers: () => void
  readonly #onGivenUp: (endpoint: string) => void
  readonly #revivals = new Map<string, NodeJS.Timeout>()
  readonly #count = new PeerCount()
  #peers = 0

  /**
   * @param connects - The endpoints among all that this socket connects to, rather than listens on.
   * @param onPeers - Called after each change of `peers`.
   * @param onGivenUp - Called when ZeroMQ has given up a connection that had come about: the peer sent a part over the
   *   limit, or something else than ZMTP. Never for those that had connected to this end, of which ZeroMQ says no more
   *   than that they are gone.
   */
  constructor(
    socket: zmq.Socket,
    connects: readonly string[],
    onPeers: () => void,
    onGivenUp: (endpoint: string) => void,
  ) {
    this.#socket = socket
    this.#connects = new Set(connects)
    this.#names = new EndpointNames(connects)
    this.#onPeers = onPeers
    this.#onGivenUp = onGivenUp
    socket.events.on('bind', ({ address }) => this.#names.addBound(address))
    this.#watchPeers()
    this.#watchAttempts()
  }

  /** Peers that are there now. */
  get peers(): number {
    return this.#peers
  }

  /** An endpoint was taken away by this end, which ends its connections without an event. */
  remove(endpoint: string): void {
    this.#count.remove(endpoint)
    this.#tellPeers()
  }

  /** Ends all attempts. */
  close(): void {
    for (const timer of this.#revivals.values()) clearTimeout(timer)
    this.#revivals.clear()
  }

  #watchPeers(): void {
    for (const event of ['connect', 'accept', 'handshake', 'disconnect'] as const) {
      this.#socket.events.on(event, ({ address }) => {
        this.#count[event](this.#endpointOf(address))
        this.#tellPeers()
      })
    }
  }

  #watchAttempts(): void {
    for (const event of [...ATTEMPTS, 'handshake'] as const) {
      this.#socket.events.on(event, ({ address }) => this.#endRevival(this.#endpointOf(address)))
    }
    for (const event of ENDS) {
      this.#socket.events.on(event, ({ address }) => {
        this.#scheduleRevival(this.#endpointOf(address), event === 'disconnect')
      })
    }
  }

  #endpointOf(address: string): string {
    return this.#names.find(address, (endpoint) => this.#revivals.has(endpoint))
  }

  #tellPeers(): void {
    const { ready } = this.#count
    if (ready === this.#peers || this.#socket.closed) return
    this.#peers = ready
    this.#onPeers()
  }

  /**
   * After a protocol error, a refused key or a message over the limit, libzmq closes the session and never connects
   * again, and a second `connect` does nothing (measured): take the endpoint away and connect anew.
   */
  #scheduleRevival(endpoint: string, hadComeAbout: boolean): void {
    if (this.#revivals.has(endpoint) || this.#socket.closed || !this.#connects.has(endpoint)) return
    const timer = setTimeout(() => {
      this.#revivals.delete(endpoint)
      if (this.#socket.closed) return
      if (hadComeAbout) this.#onGivenUp(endpoint)
      this.#socket.disconnect(endpoint)
      this.remove(endpoint)
      this.#socket.connect(endpoint)
    }, REVIVE_AFTER_MS)
    timer.unref()
    this.#revivals.set(endpoint, timer)
  }

  #endRevival(endpoint: string): void {
    clearTimeout(this.#revivals.get(endpoint))
    this.#revivals.delete(endpoint)
  }
}
