import type { Message } from '../envelope.ts'

/** What a socket of either side needs to know. At least one endpoint; both lists may be used at once. */
export interface SocketOptions {
  /** Endpoints to listen on. */
  readonly bind?: readonly string[]
  /** Endpoints to connect to; reached again and again until the socket closes. */
  readonly connect?: readonly string[]
  /** Messages the socket may hold for one peer, 1 to 1,000,000. Default 1000. */
  readonly highWaterMark?: number
  /** What the system may hold for one peer beside that, in bytes; Linux takes it twice. Default: as the system does. */
  readonly sendBufferBytes?: number | undefined
  /** A peer that says nothing for this long is cut off, in milliseconds, 100 to 600,000. Default {@link DEFAULT_HEARTBEAT_MS}. */
  readonly heartbeatMs?: number | undefined
  /** The largest part of a message that is taken from a peer, in bytes; a peer that sends more is cut off. Default 16 MiB. */
  readonly maxMessageBytes?: number | undefined
}

/** How long a dead peer may go unnoticed, unless told otherwise: 5 s. */
export const DEFAULT_HEARTBEAT_MS = 5000

/**
 * What a subscriber asks for, as if it were a topic, while a publisher that may lose nothing should wait for it. No topic
 * begins like this, so that publishers which do not know of it send nothing for it.
 */
export const HOLD_PREFIX = '!hold'

/** How a message is sent. */
export interface SendOptions {
  /** Wait for a subscriber whose queue is full, rather than pass it over; one stopped subscriber holds up all. Default false. */
  readonly patient?: boolean
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined
  /** The longest wait, in milliseconds. Default: without end. */
  readonly limitMs?: number | undefined
}

/** The publishing end of a transport. */
export interface PublishSocket {
  /** Endpoints it listens on, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[]

  /** Subscribers that are there now. */
  readonly peers: number

  /** Calls `listener` after each change of `peers`. */
  onPeers(listener: () => void): void

  /**
   * Hands a message to every subscriber of its topic whose queue has room; a patient call waits until all have.
   *
   * @returns `true`, as a rule. `false` from a patient call means that the signal or the limit ended the wait and nobody
   *   was handed the message; from any other, that some subscriber misses it, and may miss more until its queue is half empty
   *   (libzmq does not tell of those).
   * @throws {@link ClosedError} after `close`.
   */
  send(message: Message, options?: SendOptions): Promise<boolean>

  /**
   * Where the subscribers are that take nothing although something waits for them, as far as the system tells (TCP, on
   * Linux); three at the most. For messages to people.
   */
  stuckPeers(): Promise<readonly string[]>

  /**
   * Calls `listener` for each subscription (`true`), also where somebody has the same already, and when the last peer
   * that had it has taken it back, gone or vanished (`false`).
   */
  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void

  /** Calls `listener` with what a subscriber has told; from whom it came is not known, and any byte may be hostile. */
  onTold(listener: (told: Uint8Array) => void): void

  /** Sends what is queued, for `lingerMs` at the most (default 400), and frees the socket. May be called twice. */
  close(lingerMs?: number): Promise<void>
}

/**
 * Whether a peer is there: `connecting` while none is, `connected` from the handshake on, `denied` from when one was
 * there but keys kept the two apart until a handshake succeeds.
 */
export type PeerState = 'connecting' | 'connected' | 'denied'

/** The subscribing end of a transport. */
export interface SubscribeSocket {
  /** Endpoints it connects to or listens on, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[]

  /** Asks for every topic that begins with `prefix`; does nothing after `close`. */
  subscribe(prefix: string): void

  /** Takes back one `subscribe` of the same prefix; does nothing after `close`. */
  unsubscribe(prefix: string): void

  /**
   * Tells something to every publisher it is connected to, in order with its subscriptions; does nothing after `close`.
   *
   * @param told - 1 KiB at the most, and its first byte neither 0 nor 1. ZeroMQ drops it where there is a PUB socket.
   */
  tell(told: Uint8Array): void

  /**
   * Calls `listener` when the first peer comes (`connected`), when the last one is gone (`connecting`), and when one
   * was refused, or refuses this end, while no other is there (`denied`).
   */
  onPeerState(listener: (state: PeerState) => void): void

  /** Calls `listener` when one more peer has come while others are there. */
  onFurtherPeer(listener: () => void): void

  /** The messages as they arrive; ends when the socket closes. One reader at a time. */
  messages(): AsyncIterable<Message>

  /** Ends `messages()` and frees the socket. May be called twice. */
  close(): Promise<void>
}

/** A way to carry messages. Names its socket pattern, so that one with another pattern cannot be mistaken for it. */
export interface Transport {
  readonly pattern: 'publish/subscribe'

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openPublish(options: SocketOptions): Promise<PublishSocket>

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openSubscribe(options: SocketOptions): Promise<SubscribeSocket>
}
