import { parseEndpoint } from '../../endpoint.ts'
import { openTransport } from '../open-transport.ts'
import type { SocketOptions, SubscribeSocket } from '../transport.ts'
import { ZeromqTransport, type ZeromqTransportOptions } from '../zeromq-transport.ts'
import { ZmtpSubscribeSocket } from './zmtp-subscribe-socket.ts'

/**
 * ZeroMQ, except that a subscriber that connects without keys reads ZMTP itself: for whoever must see every message of a
 * fast publisher, up to a million a second. It also reads from NATS servers, where such an endpoint is named. Everything
 * else is as with {@link ZeromqTransport}.
 */
export class ZmtpTransport extends ZeromqTransport {
  readonly #options: ZeromqTransportOptions

  constructor(options: ZeromqTransportOptions = {}) {
    super(options)
    this.#options = options
  }

  override async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const { bind = [], connect = [] } = options
    if (connect.some((endpoint) => parseEndpoint(endpoint).transport === 'nats'))
      return (await openTransport([...bind, ...connect], this.#options)).openSubscribe(options)
    const { curve, onRefused } = this.#options
    const needsZeromq = curve !== undefined || bind.length > 0 || connect.some(needsLibrary)
    return needsZeromq ? super.openSubscribe(options) : new ZmtpSubscribeSocket(options, onRefused)
  }
}

/** Node.js cannot connect to an ipc name without a file, before version 22. */
function needsLibrary(endpoint: string): boolean {
  const parsed = parseEndpoint(endpoint)
  return parsed.transport === 'inproc' || (parsed.transport === 'ipc' && parsed.name.startsWith('@'))
}
