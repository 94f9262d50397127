import type { BlockKind, Codec, Transport, TransportOptions } from '@zcast/shared'

/** The endpoints of one socket. */
export interface FormatEndpoints {
  readonly bind: readonly string[]
  readonly connect: readonly string[]
}

/** The end of a stream that a socket is. */
export type FormatEnd = 'publisher' | 'subscriber'

/**
 * The way other programs write messages, and connect their sockets. `Publisher.open` and `Subscriber.open` take its
 * codec and its transport.
 *
 * What a format does not say stays unknown: without sequence numbers `lost` is `null`, and without times there is no
 * latency.
 */
export interface Format {
  /** As it is chosen: `imagezmq`, `netgear:1`. */
  readonly name: string
  /** The kinds of streams it carries; none for `raw`, which has only parts. */
  readonly kinds: readonly BlockKind[]
  /** False when it is only read. */
  readonly isWritten: boolean
  /** The end that usually listens; the other one connects. */
  readonly listener: FormatEnd
  /** The usual port of its programs; `undefined` when they have none. */
  readonly port: number | undefined
  /** True when its messages do not name their stream, so that a socket can carry only one. */
  readonly isNameless: boolean

  /** Opens a codec for one socket. */
  openCodec(): Codec

  /**
   * Opens the transport for one socket.
   *
   * @throws {@link OptionError} `ERR_OPTION` when the format's sockets cannot be connected or encrypted in this way.
   */
  openTransport(end: FormatEnd, endpoints: FormatEndpoints, options?: TransportOptions): Promise<Transport>
}
