import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

/** Most browsers only send requests and acknowledgements; a longer message is not ours. */
const MAX_INCOMING_BYTES = 1024
const PING_INTERVAL_MS = 20_000
/** The number of pings without an answer, or without any progress, after which a peer is given up: one minute. */
const MAX_SILENT_PINGS = 3

/** One WebSocket, seen from the server. */
export interface WebChannel {
  /** Bytes given to `send` that the system has not accepted yet. */
  readonly bufferedBytes: number
  /** Large messages that may be on their way at once without one of them waiting here: 1 where each is an answer. */
  readonly maxInFlight: number
  /** Sends a binary (bytes) or a text (string) message. Does nothing after the end. */
  send(message: Uint8Array | string): void
  /** Calls `listener` for each text message. */
  onMessage(listener: (text: string) => void): void
  /** Calls `listener` for each binary message; without a listener they are passed over. */
  onBinary(listener: (bytes: Buffer) => void): void
  /** Calls `listener` whenever the system has accepted everything given to `send`. */
  onFlushed(listener: () => void): void
  /** Calls `listener` once, at the end. */
  onClose(listener: () => void): void
  /** Closes it cleanly; `1001` tells the browser that the server is going away. */
  close(code?: 1000 | 1001 | 1008): void
  /** Ends it at once. */
  terminate(): void
}

/** Turns an admitted upgrade request into a channel; `accept` is not called when the handshake is broken. */
export type ChannelAcceptor = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  accept: (channel: WebChannel) => void,
) => void

/** What a path takes from its clients. */
export interface ChannelOptions {
  /** The largest message, in bytes; a longer one ends the channel. Default 1024. */
  readonly maxMessageBytes?: number | undefined
  /**
   * The subprotocols that are spoken here: a client must offer one, and gets the first of its own that is among them.
   * Such clients are programs that do not show why they were refused, so it is logged. Default: none is needed.
   */
  readonly subprotocols?: readonly string[] | undefined
}

/** Makes an acceptor of channels. */
export function channelAcceptor({
  maxMessageBytes = MAX_INCOMING_BYTES,
  subprotocols,
}: ChannelOptions = {}): ChannelAcceptor {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // JPEG does not compress, and deflate would cost memory and time for each browser.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    ...(subprotocols && {
      handleProtocols: (offered: ReadonlySet<string>) => findSubprotocol(offered, subprotocols) ?? false,
    }),
  })
  return (request, socket, head, accept) => {
    server.handleUpgrade(request, socket, head, (webSocket) => accept(new WsChannel(webSocket)))
  }
}

/** The first that a client offers of those that are spoken. */
function findSubprotocol(offered: Iterable<string>, spoken: readonly string[]): string | undefined {
  return [...offered].find((name) => spoken.includes(name))
}

/** Why a client cannot be served by the subprotocols it offers; `undefined` when it can. */
export function refuseSubprotocol(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { subprotocols }: ChannelOptions,
): string | undefined {
  if (!subprotocols) return undefined
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (findSubprotocol(offered, subprotocols) !== undefined) return undefined
  return `a client must offer the WebSocket subprotocol ${subprotocols.join(' or ')}`
}

class WsChannel implements WebChannel {
  readonly maxInFlight = Number.POSITIVE_INFINITY
  readonly #socket: WebSocket
  readonly #flushed = new Set<() => void>()
  #silentPings = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    // A peer that vanished is detected by its silence; a hidden tab still answers pings.
    const pinging = setInterval(() => this.#ping(), PING_INTERVAL_MS)
    pinging.unref()
    socket.on('pong', () => (this.#silentPings = 0))
    socket.on('close', () => clearInterval(pinging))
    // A protocol error ends in 'close'; without a listener it would end the process.
    socket.on('error', () => {})
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(message: Uint8Array | string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(message, () => {
      if (this.#socket.bufferedAmount > 0) return
      this.#silentPings = 0
      for (const listener of this.#flushed) listener()
    })
  }

  onMessage(listener: (text: string) => void): void {
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) listener(data.toString())
    })
  }

  onBinary(listener: (bytes: Buffer) => void): void {
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) listener(data)
    })
  }

  onFlushed(listener: () => void): void {
    this.#flushed.add(listener)
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  close(code: 1000 | 1001 | 1008 = 1000): void {
    this.#socket.close(code)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #ping(): void {
    this.#silentPings += 1
    if (this.#silentPings > MAX_SILENT_PINGS) this.#socket.terminate()
    // After a picture that is stuck on its way, pings would only pile up.
    else if (this.#socket.bufferedAmount === 0) this.#socket.ping()
  }
}
