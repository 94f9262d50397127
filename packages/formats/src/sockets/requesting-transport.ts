import {
  type PublishSocket,
  OptionError,
  openTransport,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
  type TransportOptions,
} from '@zcast/shared'
import type { AnsweredPattern } from './answering-transport.ts'
import { RequestLink } from './request-link.ts'
import { RequestingSocket } from './requesting-socket.ts'

/**
 * Sends to receivers that answer each message, one message at a time: as REQ or as PAIR, on a connection of its own for
 * each endpoint it connects to. At endpoints it listens on it publishes to subscribers as usual.
 */
export class RequestingTransport implements Transport {
  readonly pattern: AnsweredPattern
  readonly #options: TransportOptions

  constructor(pattern: AnsweredPattern, options: TransportOptions = {}) {
    this.pattern = pattern
    this.#options = options
  }

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const { bind = [], connect = [] } = options
    const published =
      bind.length === 0
        ? undefined
        : await (await openTransport(bind, this.#options)).openPublish({ ...options, connect: [] })
    const links: RequestLink[] = []
    try {
      for (const endpoint of connect)
        links.push(await RequestLink.open(endpoint, this.pattern, { ...options, ...this.#options }))
    } catch (error) {
      await Promise.all([...links.map((link) => link.close(0)), published?.close(0)])
      throw error
    }
    return new RequestingSocket(links, published)
  }

  async openSubscribe(): Promise<SubscribeSocket> {
    throw new OptionError('this transport only sends: a receiver needs one of its own')
  }
}
