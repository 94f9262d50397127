import type { Message } from '../envelope.ts'

/** Options of a socket of either side. At least one endpoint; both lists may be used at once. */
export interface SocketOptions {
  /** Endpoints to listen on. */
  readonly bind?: readonly string[]
  /** Endpoints to connect to; retried until the socket closes. */
  readonly connect?: readonly string[]
  /** Messages the socket may hold for one peer, 1 to 1,000,000. Default 1000. */
  readonly highWaterMark?: number
  /** Bytes that the system may hold for one peer in addition; Linux doubles the value. Default: the system's. */
  readonly sendBufferBytes?: number | undefined
  /**
   * A peer that is silent for this long is cut off, in milliseconds, 100 to 600,000. Default {@link
   * DEFAULT_HEARTBEAT_MS}.
   */
  readonly heartbeatMs?: number | undefined
  /**
   * The largest part of a message accepted from a peer, in bytes; a peer that sends more is cut off. Default 16 MiB.
   */
  readonly maxMessageBytes?: number | undefined
}

/** The default time for which a dead peer may go unnoticed: 5 s. */
export const DEFAULT_HEARTBEAT_MS = 5000

/**
 * A subscription, written like a topic, that asks a lossless publisher to wait for this subscriber. No topic begins
 * like this, so publishers that do not know it send nothing for it.
 */
export const HOLD_PREFIX = '!hold'

/** Options of a send. */
export interface SendOptions {
  /**
   * Wait for a subscriber whose queue is full instead of skipping it; one stopped subscriber then holds up all others.
   * Default false.
   */
  readonly patient?: boolean
  /** Aborting it ends the wait. */
  readonly signal?: AbortSignal | undefined
  /** The longest wait, in milliseconds. Default: unlimited. */
  readonly limitMs?: number | undefined
}

/** The publishing end of a transport. */
export interface PublishSocket {
  /** Endpoints it listens on, with the port that was chosen for `*`. */
  readonly endpoints: readonly string[]

  /** The number of connected subscribers. */
  readonly peers: number

  /**
   * True when a server copies each message for its subscribers, so that one for a single subscriber takes as much of
   * this end's network as one for all. Default false.
   */
  readonly isFannedOut?: boolean

  /** Calls `listener` after each change of `peers`. */
  onPeers(listener: () => void): void

  /**
   * Sends a message to every subscriber of its topic whose queue has room; a patient call waits until all have room.
   *
   * @returns `true` normally. `false` from a patient call means that the signal or the limit ended the wait and the
   *   message was sent to nobody; from any other call, that some subscriber misses it, and may miss more until its
   *   queue is half empty (libzmq does not report those).
   * @throws {@link ClosedError} after `close`.
   */
  send(message: Message, options?: SendOptions): Promise<boolean>

  /**
   * The addresses of subscribers that read nothing although data is waiting for them, as far as the system says (TCP,
   * on Linux); at most three. For messages to people.
   */
  stuckPeers(): Promise<readonly string[]>

  /**
   * Calls `listener` for each subscription (`true`), even when another peer already has the same one, and when the last
   * peer that had it has ended it, disconnected or vanished (`false`).
   */
  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void

  /**
   * Calls `listener` with what a subscriber has sent through `tell`; the sender is not known, and any byte may be
   * hostile.
   */
  onTold(listener: (told: Uint8Array) => void): void

  /** Sends what is queued, for at most `lingerMs` (default 400), and frees the socket. May be called twice. */
  close(lingerMs?: number): Promise<void>
}

/**
 * The state of a subscribing socket: `connecting` while it has no peer, `connected` from the handshake on, `denied`
 * from the moment a peer was found but keys prevented the connection, until a handshake succeeds.
 */
export type PeerState = 'connecting' | 'connected' | 'denied'

/** The subscribing end of a transport. */
export interface SubscribeSocket {
  /** Endpoints it connects to or listens on, with the port that was chosen for `*`. */
  readonly endpoints: readonly string[]

  /** Subscribes to every topic that begins with `prefix`; does nothing after `close`. */
  subscribe(prefix: string): void

  /** Cancels one `subscribe` of the same prefix; does nothing after `close`. */
  unsubscribe(prefix: string): void

  /**
   * Sends a message to every publisher it is connected to, in order with its subscriptions; does nothing after `close`.
   *
   * @param told - At most 1 KiB, with a first byte other than 0 and 1. ZeroMQ drops it at a PUB socket.
   */
  tell(told: Uint8Array): void

  /**
   * Calls `listener` when the first peer connects (`connected`), when the last one is gone (`connecting`), and when one
   * was refused, or refuses this end, while there is no other (`denied`).
   */
  onPeerState(listener: (state: PeerState) => void): void

  /** Calls `listener` when another peer connects while others are connected. */
  onFurtherPeer(listener: () => void): void

  /** The messages as they arrive; ends when the socket closes. One reader at a time. */
  messages(): AsyncIterable<Message>

  /** Ends `messages()` and frees the socket. May be called twice. */
  close(): Promise<void>
}

/**
 * The way in which two ends are connected: `publish/subscribe`, or as programs of other formats are: `request/reply`
 * and `pair`, where the receiver answers each message.
 */
export type SocketPattern = 'publish/subscribe' | 'request/reply' | 'pair'

/** A way to carry messages. */
export interface Transport {
  /** That of its sockets. A transport that answers only some of its peers names the answering pattern. */
  readonly pattern: SocketPattern

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openPublish(options: SocketOptions): Promise<PublishSocket>

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  openSubscribe(options: SocketOptions): Promise<SubscribeSocket>
}
