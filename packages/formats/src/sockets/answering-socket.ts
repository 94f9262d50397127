import type { Message, PeerState, SubscribeSocket } from '@zcast/shared'
import { type EndpointOptions, HOLD_PREFIX, ZeromqEndpoints } from '@zcast/shared/internal'
import type { AnsweredWay, ReceivingSocket } from './answered-way.ts'

/** Answers that wait while publishers are asked to wait; each sender waits for one. */
const MAX_OWED = 1000

/** Options of {@link AnsweringSocket}. */
export interface AnsweringOptions extends Omit<EndpointOptions, 'onPeers'> {
  /** Sent for each message. */
  readonly answer: Uint8Array
  readonly way: AnsweredWay
}

/** The receiving end of {@link AnsweringTransport}. */
export class AnsweringSocket implements SubscribeSocket {
  readonly #socket: ReceivingSocket
  readonly #options: AnsweringOptions
  readonly #endpoints: ZeromqEndpoints
  readonly #stateListeners: ((state: PeerState) => void)[] = []
  readonly #furtherPeerListeners: (() => void)[] = []
  #peers = 0
  #subscriptions = 0
  #isHeld = false
  #owed: Message[] = []

  constructor(socket: ReceivingSocket, options: AnsweringOptions) {
    this.#socket = socket
    this.#options = options
    this.#endpoints = new ZeromqEndpoints(socket, { ...options, onPeers: () => this.#countPeers() })
  }

  /** @throws {@link EndpointError} when an endpoint cannot be parsed, bound or connected to. */
  async attach(bind: readonly string[], connect: readonly string[]): Promise<void> {
    await this.#endpoints.attach(bind, connect)
  }

  get endpoints(): readonly string[] {
    return this.#endpoints.all
  }

  /** Senders cannot be told what is wanted: without a subscription they are answered, and nothing is passed on. */
  subscribe(prefix: string): void {
    if (prefix === HOLD_PREFIX) this.#isHeld = true
    else this.#subscriptions += 1
  }

  unsubscribe(prefix: string): void {
    if (prefix === HOLD_PREFIX) this.#release()
    else this.#subscriptions -= 1
  }

  tell(): void {
    // Senders of other programs understand answers only.
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#stateListeners.push(listener)
    if (this.#peers > 0) listener('connected')
  }

  onFurtherPeer(listener: () => void): void {
    this.#furtherPeerListeners.push(listener)
  }

  async *messages(): AsyncGenerator<Message> {
    for await (const parts of this.#socket as AsyncIterable<Buffer[]>) {
      const { address, message } = this.#options.way.receive(parts)
      this.#answer(address)
      if (this.#subscriptions > 0) yield message
    }
  }

  async close(): Promise<void> {
    this.#endpoints.close()
    if (!this.#socket.closed) this.#socket.close()
  }

  #answer(address: Message): void {
    if (this.#isHeld && this.#owed.length < MAX_OWED) this.#owed.push(address)
    else this.#send(address)
  }

  #release(): void {
    this.#isHeld = false
    for (const address of this.#owed.splice(0)) this.#send(address)
  }

  #send(address: Message): void {
    if (this.#socket.closed) return
    // Without a timeout it is sent before the call returns; a sender that is gone, or takes no answers, gets none.
    const answer = [...address, this.#options.answer] as Buffer[]
    this.#socket.send(answer).catch(() => undefined)
  }

  #countPeers(): void {
    const before = this.#peers
    this.#peers = this.#endpoints.peers
    const isConnected = this.#peers > 0
    if (isConnected !== before > 0)
      for (const listener of this.#stateListeners) listener(isConnected ? 'connected' : 'connecting')
    else if (this.#peers > before) for (const listener of this.#furtherPeerListeners) listener()
    // A PAIR turns a second sender away but keeps its connection, on which nothing is ever read (measured). It is cut off
    // when the first has left, and comes back as the only one.
    if (this.#options.way.isForOne && isConnected && this.#peers < before) void this.#endpoints.renew()
  }
}
