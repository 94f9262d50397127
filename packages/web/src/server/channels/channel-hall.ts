import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ClientSlots } from '../limits/client-slots.ts'
import type { Exchange } from '../exchange.ts'
import { HttpRefusal } from '../http-refusal.ts'
import type { OutgoingBudget } from '../limits/outgoing-budget.ts'
import { PollChannels } from './poll-channels.ts'
import { refuseUpgrade } from '../raw-request.ts'
import { TOO_MANY_CLIENTS } from '../refusal-reasons.ts'
import { type KeepOut, type Visitor, visitorOf } from '../visitor.ts'
import { channelAcceptor, type ChannelOptions, refuseSubprotocol, type WebChannel } from './web-channel.ts'

/** Serves one admitted WebSocket, or its replacement. */
export type ChannelHandler = (channel: WebChannel, url: URL, visitor: Visitor) => void

interface Hall {
  readonly handle: ChannelHandler
  readonly options: ChannelOptions
  readonly accept: ReturnType<typeof channelAcceptor>
}

/** The time that a browser has to complete the close. */
const CLOSE_GRACE_MS = 500

/** The channels of a server: the paths that have some, and the open ones. */
export class ChannelHall {
  readonly #halls = new Map<string, Hall>()
  readonly #channels = new Map<WebChannel, { readonly path: string; readonly visitor: Visitor }>()
  readonly #polls = new PollChannels()
  readonly #slots: ClientSlots
  readonly #budget: OutgoingBudget

  constructor(slots: ClientSlots, budget: OutgoingBudget) {
    this.#slots = slots
    this.#budget = budget
  }

  /** Serves channels at a path. */
  add(path: string, handle: ChannelHandler, options: ChannelOptions = {}): void {
    this.#halls.set(path, { handle, options, accept: channelAcceptor(options) })
  }

  /** True when there are channels at this path. */
  has(path: string): boolean {
    return this.#halls.has(path)
  }

  /** True when only clients that speak a subprotocol are served at this path. */
  isForPrograms(path: string): boolean {
    return this.#halls.get(path)?.options.subprotocols !== undefined
  }

  /** Opens a WebSocket for an admitted request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL, isHost: boolean): void {
    const hall = this.#halls.get(url.pathname)
    if (!hall) return refuseUpgrade(socket, 404, 'there is no WebSocket here')
    const unspoken = refuseSubprotocol(request, hall.options)
    if (unspoken !== undefined) return refuseUpgrade(socket, 400, unspoken)
    const visitor = visitorOf(request, isHost)
    const leave = this.#slots.take(visitor.address)
    if (!leave) return refuseUpgrade(socket, 503, TOO_MANY_CLIENTS)
    socket.once('close', leave)
    hall.accept(request, socket, head, (channel) => this.#keep(channel, hall.handle, url, visitor))
  }

  /**
   * Serves an admitted request that works without a WebSocket. @throws {@link HttpRefusal} When it is for no channel.
   */
  async poll(exchange: Exchange, isHost: boolean): Promise<void> {
    if (!this.#polls.takes(exchange) || this.isForPrograms(exchange.url.pathname))
      throw new HttpRefusal(426, 'this is a WebSocket')
    await this.#polls.serve(exchange, (channel) => this.#open(exchange, channel, isHost))
  }

  /** Ends the channels of those who may not have them any more. */
  cut(keepOut: KeepOut): void {
    for (const [channel, { path, visitor }] of this.#channels)
      if (keepOut(visitor, path) !== undefined) channel.terminate()
  }

  /** Closes all channels cleanly, and terminates those that do not answer soon. */
  async close(): Promise<void> {
    const grace = setTimeout(
      () => [...this.#channels.keys()].forEach((channel) => channel.terminate()),
      CLOSE_GRACE_MS,
    )
    const closed = [...this.#channels.keys()].map(
      (channel) => new Promise<void>((resolve) => channel.onClose(resolve)),
    )
    for (const channel of this.#channels.keys()) channel.close(1001)
    await Promise.all(closed)
    clearTimeout(grace)
  }

  #open({ request, url }: Exchange, channel: WebChannel, isHost: boolean): void {
    const handle = this.#halls.get(url.pathname)?.handle
    const visitor = visitorOf(request, isHost)
    const leave = this.#slots.take(visitor.address)
    if (!handle || !leave) throw new HttpRefusal(503, TOO_MANY_CLIENTS)
    channel.onClose(leave)
    this.#keep(channel, handle, url, visitor)
  }

  #keep(channel: WebChannel, handle: ChannelHandler, url: URL, visitor: Visitor): void {
    this.#channels.set(channel, { path: url.pathname, visitor })
    const outlet = { heldBytes: () => channel.bufferedBytes, cut: () => channel.terminate() }
    const release = this.#budget.add(outlet)
    channel.onClose(() => {
      this.#channels.delete(channel)
      release()
    })
    handle(channel, url, visitor)
  }
}
