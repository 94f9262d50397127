import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import type { RefusalReason } from '../security/refusal.ts'
import type { PeerState, SubscribeSocket } from './transport.ts'
import { ZeromqConnections } from './zeromq-connections.ts'
import { watchRefusals } from './zeromq-refusals.ts'

/** The subscribing end of {@link ZeromqTransport}. */
export class ZeromqSubscribeSocket implements SubscribeSocket {
  endpoints: readonly string[] = []
  readonly #socket: zmq.Subscriber
  readonly #connections: ZeromqConnections
  readonly #listeners: ((state: PeerState) => void)[] = []
  #state: PeerState = 'connecting'
  #refused = false

  /**
   * @param connects - The endpoints among all that this socket connects to, rather than listens on.
   * @param secured - Whether the socket has keys.
   * @param onRefused - Called with each connection that keys brought to nothing, or that broke the protocol.
   */
  constructor(
    socket: zmq.Subscriber,
    connects: readonly string[],
    secured: boolean,
    onRefused: (reason: RefusalReason, endpoint: string) => void,
  ) {
    this.#socket = socket
    this.#connections = new ZeromqConnections(
      socket,
      connects,
      () => this.#tellState(),
      (endpoint) => onRefused('protocol', endpoint),
    )
    watchRefusals(socket, { side: 'subscriber', secured }, (reason, endpoint) => {
      this.#refused = true
      this.#tellState()
      onRefused(reason, endpoint)
    })
    socket.events.on('handshake', () => {
      this.#refused = false
    })
  }

  subscribe(prefix: string): void {
    if (!this.#socket.closed) this.#socket.subscribe(prefix)
  }

  unsubscribe(prefix: string): void {
    if (!this.#socket.closed) this.#socket.unsubscribe(prefix)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#state !== 'connecting') listener(this.#state)
  }

  messages(): AsyncIterable<Message> {
    // As it is: a generator around it would cost each message two more turns of the microtask queue.
    return this.#socket
  }

  async close(): Promise<void> {
    this.#connections.close()
    if (!this.#socket.closed) this.#socket.close()
  }

  #tellState(): void {
    const alone = this.#refused ? 'denied' : 'connecting'
    const state = this.#connections.peers > 0 ? 'connected' : alone
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}
