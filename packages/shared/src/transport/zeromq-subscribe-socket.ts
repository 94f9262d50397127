import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { EndpointNames } from './endpoint-names.ts'
import { PeerCount } from './peer-count.ts'
import type { PeerState, SubscribeSocket } from './transport.ts'

/** How long a lost connection may go without a new attempt before it is made anew; also the least time between two. */
const REVIVE_AFTER_MS = 1000

const ATTEMPTS = ['connect', 'connect:delay', 'connect:retry'] as const

const ENDS = [
  'disconnect',
  'handshake:error:protocol',
  'handshake:error:auth',
  'handshake:error:other',
] as const

/** The subscribing end of {@link ZeromqTransport}. */
export class ZeromqSubscribeSocket implements SubscribeSocket {
  endpoints: readonly string[] = []
  readonly #connects: ReadonlySet<string>
  readonly #names: EndpointNames
  readonly #socket: zmq.Subscriber
  readonly #listeners: ((state: PeerState) => void)[] = []
  readonly #revivals = new Map<string, NodeJS.Timeout>()
  readonly #peers = new PeerCount()
  #connected = false

  /** @param connects - The endpoints among all that this socket connects to, rather than listens on. */
  constructor(socket: zmq.Subscriber, connects: readonly string[]) {
    this.#socket = socket
    this.#connects = new Set(connects)
    this.#names = new EndpointNames(connects)
    socket.events.on('bind', ({ address }) => this.#names.addBound(address))
    this.#watchPeers()
    this.#watchConnections()
  }

  subscribe(prefix: string): void {
    this.#socket.subscribe(prefix)
  }

  unsubscribe(prefix: string): void {
    this.#socket.unsubscribe(prefix)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#connected) listener('connected')
  }

  messages(): AsyncIterable<Message> {
    // As it is: a generator around it would cost each message two more turns of the microtask queue.
    return this.#socket
  }

  async close(): Promise<void> {
    for (const timer of this.#revivals.values()) clearTimeout(timer)
    this.#revivals.clear()
    if (!this.#socket.closed) this.#socket.close()
  }

  #watchPeers(): void {
    for (const event of ['connect', 'accept', 'handshake', 'disconnect'] as const) {
      this.#socket.events.on(event, ({ address }) => {
        this.#peers[event](this.#endpointOf(address))
        this.#tellPeerState()
      })
    }
  }

  #watchConnections(): void {
    for (const event of [...ATTEMPTS, 'handshake'] as const) {
      this.#socket.events.on(event, ({ address }) => this.#endRevival(this.#endpointOf(address)))
    }
    for (const event of ENDS) {
      this.#socket.events.on(event, ({ address }) => this.#scheduleRevival(this.#endpointOf(address)))
    }
  }

  #endpointOf(address: string): string {
    return this.#names.find(address, (endpoint) => this.#revivals.has(endpoint))
  }

  #tellPeerState(): void {
    const { connected } = this.#peers
    if (connected === this.#connected || this.#socket.closed) return
    this.#connected = connected
    for (const listener of this.#listeners) listener(connected ? 'connected' : 'connecting')
  }

  /**
   * After a protocol error, a refused key or a message over the limit, libzmq closes the session and never connects
   * again, and a second `connect` does nothing (measured): take the endpoint away and connect anew.
   */
  #scheduleRevival(endpoint: string): void {
    if (this.#revivals.has(endpoint) || this.#socket.closed || !this.#connects.has(endpoint)) return
    const timer = setTimeout(() => {
      this.#revivals.delete(endpoint)
      if (this.#socket.closed) return
      this.#socket.disconnect(endpoint)
      this.#peers.remove(endpoint)
      this.#tellPeerState()
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
