import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { findClientAddress } from './client-address.ts'
import type { ClientSlots } from './client-slots.ts'
import type { Exchange } from './exchange.ts'
import { HttpRefusal } from './http-refusal.ts'
import type { OutgoingBudget } from './outgoing-budget.ts'
import { PollChannels } from './poll-channels.ts'
import { refuseUpgrade } from './raw-request.ts'
import { channelAcceptor, type WebChannel } from './web-channel.ts'

/** Serves one admitted WebSocket, or its replacement; `request` is the one that opened it. */
export type ChannelHandler = (channel: WebChannel, url: URL, request: IncomingMessage) => void

/** What a path takes from its browsers. */
export interface ChannelOptions {
  /** The largest message, in bytes; a longer one ends the channel. Default 1024. */
  readonly maxMessageBytes?: number
}

interface Hall {
  readonly handle: ChannelHandler
  readonly accept: ReturnType<typeof channelAcceptor>
}

/** The time that a browser has to complete the close. */
const CLOSE_GRACE_MS = 500
const TOO_MANY = 'too many clients at once'

/** The channels of a server: the paths that have some, and the open ones. */
export class ChannelHall {
  readonly #halls = new Map<string, Hall>()
  readonly #channels = new Set<WebChannel>()
  readonly #polls = new PollChannels((exchange, channel) => this.#open(exchange, channel))
  readonly #slots: ClientSlots
  readonly #budget: OutgoingBudget

  constructor(slots: ClientSlots, budget: OutgoingBudget) {
    this.#slots = slots
    this.#budget = budget
  }

  /** Serves channels at a path. */
  add(path: string, handle: ChannelHandler, { maxMessageBytes }: ChannelOptions = {}): void {
    this.#halls.set(path, { handle, accept: channelAcceptor(maxMessageBytes) })
  }

  /** True when there are channels at this path. */
  has(path: string): boolean {
    return this.#halls.has(path)
  }

  /** Opens a WebSocket for an admitted request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
    const hall = this.#halls.get(url.pathname)
    if (!hall) return refuseUpgrade(socket, 404, 'there is no WebSocket here')
    const leave = this.#slots.take(findClientAddress(request))
    if (!leave) return refuseUpgrade(socket, 503, TOO_MANY)
    socket.once('close', leave)
    hall.accept(request, socket, head, (channel) => this.#keep(channel, hall.handle, url, request))
  }

  /**
   * Serves an admitted request that works without a WebSocket. @throws {@link HttpRefusal} When it is for no channel.
   */
  poll(exchange: Exchange): void {
    if (!this.#polls.takes(exchange)) throw new HttpRefusal(426, 'this is a WebSocket')
    this.#polls.serve(exchange)
  }

  /** Closes all channels cleanly, and terminates those that do not answer soon. */
  async close(): Promise<void> {
    const grace = setTimeout(() => this.#channels.forEach((channel) => channel.terminate()), CLOSE_GRACE_MS)
    const closed = [...this.#channels].map(
      (channel) => new Promise<void>((resolve) => channel.onClose(resolve)),
    )
    for (const channel of this.#channels) channel.close(1001)
    await Promise.all(closed)
    clearTimeout(grace)
  }

  #open({ request, url }: Exchange, channel: WebChannel): void {
    const handle = this.#halls.get(url.pathname)?.handle
    const leave = this.#slots.take(findClientAddress(request))
    if (!handle || !leave) throw new HttpRefusal(503, TOO_MANY)
    channel.onClose(leave)
    this.#keep(channel, handle, url, request)
  }

  #keep(channel: WebChannel, handle: ChannelHandler, url: URL, request: IncomingMessage): void {
    this.#channels.add(channel)
    const outlet = { heldBytes: () => channel.bufferedBytes, cut: () => channel.terminate() }
    const release = this.#budget.add(outlet)
    channel.onClose(() => {
      this.#channels.delete(channel)
      release()
    })
    handle(channel, url, request)
  }
}
