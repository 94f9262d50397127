import { parseEndpoint } from '../../endpoint.ts'
import type { Refusal } from '../../security/refusal.ts'
import type { SocketOptions, SubscribeSocket } from '../transport.ts'
import { ZeromqTransport, type ZeromqTransportOptions } from '../zeromq-transport.ts'
import { ZmtpSubscribeSocket } from './zmtp-subscribe-socket.ts'

/**
 * ZeroMQ, except that a subscriber that connects without keys reads ZMTP itself: for whoever must see every message of a
 * fast publisher, up to a million a second. Everything else is as with {@link ZeromqTransport}.
 */
export class ZmtpTransport extends ZeromqTransport {
  readonly #hasKeys: boolean
  readonly #onRefused: ((refusal: Refusal) => void) | undefined

  constructor(options: ZeromqTransportOptions = {}) {
    super(options)
    this.#hasKeys = options.curve !== undefined
    this.#onRefused = options.onRefused
  }

  override async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const { bind = [], connect = [] } = options
    const needsZeromq = this.#hasKeys || bind.length > 0 || connect.some(isInproc)
    return needsZeromq ? super.openSubscribe(options) : new ZmtpSubscribeSocket(options, this.#onRefused)
  }
}

function isInproc(endpoint: string): boolean {
  return parseEndpoint(endpoint).transport === 'inproc'
}
