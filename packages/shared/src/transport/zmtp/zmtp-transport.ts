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
    const needsZeromq = this.#hasKeys || bind.length > 0 || connect.some(needsLibrary)
    return needsZeromq ? super.openSubscribe(options) : new ZmtpSubscribeSocket(options, this.#onRefused)
  }
}

/** Node.js cannot connect to an ipc name without a file, before version 22. */
function needsLibrary(endpoint: string): boolean {
  const parsed = parseEndpoint(endpoint)
  return parsed.transport === 'inproc' || (parsed.transport === 'ipc' && parsed.name.startsWith('@'))
}
