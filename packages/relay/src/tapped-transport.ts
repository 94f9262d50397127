import type { PublishSocket, SocketOptions, SocketPattern, SubscribeSocket, Transport } from '@zcast/shared'

type OnSubscription = (prefix: string, subscribed: boolean) => void

/** A transport whose publishing socket a relay uses beside its publisher: it hears what is asked for. */
export class TappedTransport implements Transport {
  readonly pattern: SocketPattern
  readonly #transport: Transport
  #socket: PublishSocket | undefined
  #early: [prefix: string, subscribed: boolean][] = []
  #onSubscription: OnSubscription = (...told) => this.#early.push(told)

  constructor(transport: Transport) {
    this.pattern = transport.pattern
    this.#transport = transport
  }

  /** The publishing socket, once it is open. */
  get socket(): PublishSocket {
    return this.#socket as PublishSocket
  }

  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    this.#socket = await this.#transport.openPublish(options)
    this.#socket.onSubscription((...told) => this.#onSubscription(...told))
    return this.#socket
  }

  /** Tells what has been and will be subscribed to. */
  listen(onSubscription: OnSubscription): void {
    this.#onSubscription = onSubscription
    for (const told of this.#early.splice(0)) onSubscription(...told)
  }

  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    return this.#transport.openSubscribe(options)
  }
}
