import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import type { PeerState, SubscribeSocket } from './transport.ts'
import { ZeromqConnections } from './zeromq-connections.ts'

/** The subscribing end of {@link ZeromqTransport}. */
export class ZeromqSubscribeSocket implements SubscribeSocket {
  endpoints: readonly string[] = []
  readonly #socket: zmq.Subscriber
  readonly #connections: ZeromqConnections
  readonly #listeners: ((state: PeerState) => void)[] = []
  #state: PeerState = 'connecting'

  /** @param connects - The endpoints among all that this socket connects to, rather than listens on. */
  constructor(socket: zmq.Subscriber, connects: readonly string[]) {
    this.#socket = socket
    this.#connections = new ZeromqConnections(socket, connects, () => this.#tellState())
  }

  subscribe(prefix: string): void {
    this.#socket.subscribe(prefix)
  }

  unsubscribe(prefix: string): void {
    this.#socket.unsubscribe(prefix)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#state === 'connected') listener('connected')
  }

  async *messages(): AsyncGenerator<Message> {
    yield* this.#socket
  }

  async close(): Promise<void> {
    this.#connections.close()
    if (!this.#socket.closed) this.#socket.close()
  }

  #tellState(): void {
    const state = this.#connections.peers > 0 ? 'connected' : 'connecting'
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}
