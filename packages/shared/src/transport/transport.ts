import type { Message } from '../envelope.ts'

/** What a socket of either side needs to know. At least one endpoint; both lists may be used at once. */
export interface SocketOptions {
  /** Endpoints to listen on. */
  readonly bind?: readonly string[]
  /** Endpoints to connect to; reached again and again until the socket closes. */
  readonly connect?: readonly string[]
  /** Messages the socket may hold for one peer, 1 to 1,000,000. Default 1000. */
  readonly highWaterMark?: number
}

/** Options of a publishing socket. */
export interface PublishSocketOptions extends SocketOptions {
  /** Wait for a slow subscriber instead of dropping its messages; one stopped subscriber holds up all. Default false. */
  readonly noDrop?: boolean
}

/** The publishing end of a transport. */
export interface PublishSocket {
  /** Endpoints it listens on, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[]

  /**
   * Hands a message to every subscriber of its topic; messages of a subscriber whose queue is full are dropped,
   * unless the socket is `noDrop`. One call at a time.
   *
   * @param signal - Ends the wait for a slow subscriber.
   * @returns Whether the message was handed on; `false` only where the signal ended the wait.
   * @throws {@link ClosedError} after `close`.
   */
  send(message: Message, signal?: AbortSignal): Promise<boolean>

  /**
   * Calls `listener` for each subscription (`true`), also where somebody has the same already, and when the last peer
   * that had it has taken it back, gone or vanished (`false`).
   */
  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void

  /** Sends what is queued, for `lingerMs` at the most (default 400), and frees the socket. May be called twice. */
  close(lingerMs?: number): Promise<void>
}

/** Whether a peer is there: `connecting` while none is, `connected` from the handshake on. */
export type PeerState = 'connecting' | 'connected'

/** The subscribing end of a transport. */
export interface SubscribeSocket {
  /** Endpoints it connects to or listens on, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[]

  /** Asks for every topic that begins with `prefix`. */
  subscribe(prefix: string): void

  /** Takes back one `subscribe` of the same prefix. */
  unsubscribe(prefix: string): void

  /** Calls `listener` when the first peer comes (`connected`) and when the last one is gone (`connecting`). */
  onPeerState(listener: (state: PeerState) => void): void

  /** The messages as they arrive; ends when the socket closes. One reader at a time. */
  messages(): AsyncIterable<Message>

  /** Ends `messages()` and frees the socket. May be called twice. */
  close(): Promise<void>
}

/** A way to carry messages. Names its socket pattern, so that one with another pattern cannot be mistaken for it. */
export interface Transport {
  readonly pattern: 'publish/subscribe'

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openPublish(options: PublishSocketOptions): Promise<PublishSocket>

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openSubscribe(options: SocketOptions): Promise<SubscribeSocket>
}
