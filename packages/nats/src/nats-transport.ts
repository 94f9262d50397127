import type {
  PublishSocket,
  Refusal,
  SocketOptions,
  SubscribeSocket,
  Transport,
  TransportOptions,
} from '@zcast/shared'
import { OptionError } from '@zcast/shared'
import { parseOwnEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import { NatsPublishSocket } from './nats-publish-socket.ts'
import { NatsSubscribeSocket } from './nats-subscribe-socket.ts'

/**
 * Carries messages over NATS servers (`nats://`, `tls://`, `wss://`): `docs/wire-format.md` says how. All endpoints of
 * a socket are servers of one network: it is connected to one of them, and to another when that is gone.
 */
export class NatsTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  readonly #options: TransportOptions
  readonly #onRefused: (refusal: Refusal) => void

  /** @throws {@link OptionError} `ERR_OPTION` when there are CURVE keys, which NATS does not know. */
  constructor(options: TransportOptions = {}) {
    if (options.curve)
      throw new OptionError(
        'keys (--curve) are for ZeroMQ: NATS has credentials (--nats-creds) and tls:// instead',
      )
    this.#options = options
    this.#onRefused = options.onRefused ?? (() => undefined)
  }

  /** @throws {@link EndpointError} `ERR_ENDPOINT` when an endpoint is none, or is to be listened on. */
  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    check(options)
    const socket = new NatsPublishSocket(options, this.#options.nats ?? {}, this.#onRefused)
    await socket.opened()
    return socket
  }

  /** @throws {@link EndpointError} `ERR_ENDPOINT` when an endpoint is none, or is to be listened on. */
  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    check(options)
    return new NatsSubscribeSocket(options, this.#options.nats ?? {}, this.#onRefused)
  }
}

function check({ bind = [], connect = [] }: SocketOptions): void {
  for (const endpoint of bind) parseOwnEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
}
