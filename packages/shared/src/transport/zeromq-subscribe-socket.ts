import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import type { PeerState, SubscribeSocket } from './transport.ts'

/** How long a lost connection may go without a new attempt before it is made anew; also the least time between two. */
const REVIVE_AFTER_MS = 1000

/** The subscribing end of {@link ZeromqTransport}. */
export class ZeromqSubscribeSocket implements SubscribeSocket {
  endpoints: readonly string[] = []
  readonly #connects: ReadonlySet<string>
  readonly #socket: zmq.Subscriber
  readonly #listeners: ((state: PeerState) => void)[] = []
  readonly #revivals = new Map<string, NodeJS.Timeout>()
  /** Handshakes done and not ended, by endpoint. */
  readonly #peers = new Map<string, number>()

  /** @param connects - The endpoints among all that this socket connects to, rather than listens on. */
  constructor(socket: zmq.Subscriber, connects: readonly string[]) {
    this.#socket = socket
    this.#connects = new Set(connects)
    socket.events.on('handshake', ({ address }) => {
      this.#endRevival(address)
      this.#countPeers(address, 1)
    })
    for (const attempt of ['connect', 'connect:delay', 'connect:retry'] as const) {
      socket.events.on(attempt, ({ address }) => this.#endRevival(address))
    }
    for (const end of [
      'disconnect',
      'handshake:error:protocol',
      'handshake:error:auth',
      'handshake:error:other',
    ] as const) {
      socket.events.on(end, ({ address }) => {
        if (end === 'disconnect') this.#countPeers(address, -1)
        this.#scheduleRevival(address)
      })
    }
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

  async *messages(): AsyncGenerator<Message> {
    yield* this.#socket
  }

  async close(): Promise<void> {
    for (const timer of this.#revivals.values()) clearTimeout(timer)
    this.#revivals.clear()
    if (!this.#socket.closed) this.#socket.close()
  }

  get #connected(): boolean {
    return this.#peers.size > 0
  }

  #countPeers(address: string, change: 1 | -1): void {
    const before = this.#connected
    const count = (this.#peers.get(address) ?? 0) + change
    if (count > 0) this.#peers.set(address, count)
    else this.#peers.delete(address)
    if (before === this.#connected) return
    for (const listener of this.#listeners) listener(this.#connected ? 'connected' : 'connecting')
  }

  /**
   * After a protocol error, a refused key or a message over the limit, libzmq closes the session and never connects
   * again, and a second `connect` does nothing (measured): take the endpoint away and connect anew.
   */
  #scheduleRevival(address: string): void {
    if (this.#revivals.has(address) || this.#socket.closed || !this.#connects.has(address)) return
    const timer = setTimeout(() => {
      this.#revivals.delete(address)
      if (this.#socket.closed) return
      this.#socket.disconnect(address)
      this.#socket.connect(address)
    }, REVIVE_AFTER_MS)
    timer.unref()
    this.#revivals.set(address, timer)
  }

  #endRevival(address: string): void {
    clearTimeout(this.#revivals.get(address))
    this.#revivals.delete(address)
  }
}
