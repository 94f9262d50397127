import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import type { PeerState, SubscribeSocket } from './transport.ts'
import { ZeromqEndpoints, type EndpointOptions } from './zeromq-endpoints.ts'
import { watchRefusals } from './zeromq-refusals.ts'

/** The subscribing end of {@link ZeromqTransport}. */
export class ZeromqSubscribeSocket implements SubscribeSocket {
  readonly #socket: zmq.XSubscriber
  readonly #endpoints: ZeromqEndpoints
  readonly #listeners: ((state: PeerState) => void)[] = []
  readonly #furtherPeerListeners: (() => void)[] = []
  #state: PeerState = 'connecting'
  #peers = 0
  #refused = false

  /**
   * @param socket - One that sends without waiting.
   * @param secured - True when the socket has keys.
   */
  constructor(socket: zmq.XSubscriber, secured: boolean, options: Omit<EndpointOptions, 'onPeers'>) {
    const { events, onRefused } = options
    this.#socket = socket
    this.#endpoints = new ZeromqEndpoints(socket, { ...options, onPeers: () => this.#countPeers() })
    watchRefusals(events, { side: 'subscriber', secured }, (reason, endpoint) => {
      this.#refused = true
      this.#tellState()
      onRefused(reason, endpoint)
    })
    events.on('handshake', () => {
      this.#refused = false
    })
  }

  /** @throws {@link EndpointError} when an endpoint cannot be parsed, bound or connected to. */
  async attach(bind: readonly string[], connect: readonly string[]): Promise<void> {
    await this.#endpoints.attach(bind, connect)
  }

  get endpoints(): readonly string[] {
    return this.#endpoints.all
  }

  subscribe(prefix: string): void {
    this.tell(change(1, prefix))
  }

  unsubscribe(prefix: string): void {
    this.tell(change(0, prefix))
  }

  tell(told: Uint8Array): void {
    // Without a timeout it is sent before the call returns; ZeroMQ accepts any bytes.
    if (!this.#socket.closed) void this.#socket.send(told)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#state !== 'connecting') listener(this.#state)
  }

  onFurtherPeer(listener: () => void): void {
    this.#furtherPeerListeners.push(listener)
  }

  messages(): AsyncIterable<Message> {
    // Returned directly: a generator around it would cost each message two more turns of the microtask queue.
    return this.#socket
  }

  async close(): Promise<void> {
    this.#endpoints.close()
    if (!this.#socket.closed) this.#socket.close()
  }

  #countPeers(): void {
    const before = this.#peers
    this.#peers = this.#endpoints.peers
    this.#tellState()
    if (before > 0 && this.#peers > before) for (const listener of this.#furtherPeerListeners) listener()
  }

  #tellState(): void {
    const alone = this.#refused ? 'denied' : 'connecting'
    const state = this.#endpoints.peers > 0 ? 'connected' : alone
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

/** Formats a subscription as ZMTP does (RFC 37). */
function change(first: 0 | 1, prefix: string): Buffer {
  return Buffer.from(`${String.fromCodePoint(first)}${prefix}`, 'latin1')
}
