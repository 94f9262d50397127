import { createConnection, type Socket } from 'node:net'
import { inTurn } from './in-turn.ts'
import {
  type NatsConnection,
  NatsConnectionImpl,
  type NodeConnectionOptions,
  NodeTransport,
  setTransportFactory,
} from './nats-library.ts'

/** The library leaves a socket that does not answer to the system, which tries for minutes. */
class EndingTransport extends NodeTransport {
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    super()
    this.#signal = signal
  }

  override dial({ hostname, port }: { hostname: string; port: number }): Promise<Socket> {
    return new Promise((resolve, reject) => {
      let failure: Error | undefined
      const socket = createConnection({ port, host: hostname, noDelay: true })
      socket.on('error', (error) => (failure = error))
      socket.on('close', () => reject(failure ?? new Error('the connection was ended')))
      socket.on('connect', () => {
        socket.removeAllListeners()
        resolve(socket)
      })
      // Without an error: between two steps of the library nobody would hear it.
      this.#signal.addEventListener('abort', () => socket.destroy())
    })
  }
}

/**
 * Connects to one address of a server. Its certificate is for the name that the options have.
 *
 * @param signal - Ends it.
 */
export function dialTcp(
  address: string,
  options: NodeConnectionOptions,
  signal: AbortSignal,
): Promise<NatsConnection> {
  return inTurn(() => {
    // As `connect` of the library does, but with a name that has been looked up.
    setTransportFactory({
      factory: () => new EndingTransport(signal),
      dnsResolveFn: async () => [address],
    })
    return NatsConnectionImpl.connect(options)
  })
}
