import { parseEndpoint, type Endpoint } from '../endpoint.ts'
import { OptionError, systemErrorCode } from '../errors.ts'
import type { CurveOptions } from '../security/curve-options.ts'
import { hideSecrets } from '../security/hide-secrets.ts'
import type { Refusal } from '../security/refusal.ts'
import type { Transport } from './transport.ts'
import { ZeromqTransport } from './zeromq-transport.ts'

/** Options that apply to every transport. */
export interface TransportOptions {
  /** Encrypts, and admits clients by keys. Default: neither. */
  readonly curve?: CurveOptions | undefined
  /** What NATS servers want to know; for endpoints `nats://`, `tls://` and `wss://`. Default: nothing. */
  readonly nats?: NatsOptions | undefined
  /**
   * Called for each connection that was rejected by keys or limits, at either end; once, not once per attempt. Default:
   * not called.
   */
  readonly onRefused?: ((refusal: Refusal) => void) | undefined
}

/** Options for connecting to NATS servers. */
export interface NatsOptions {
  /**
   * The file with credentials: a `.creds` file, a seed of an nkey, or `user:password` or a token on its one line.
   * Read anew for each connection. Default: those in the endpoint, or none.
   */
  readonly credentialsFile?: string | undefined
  /** The file with the certificates of authorities (PEM) that the servers' are signed by. Default: Node's. */
  readonly authorityFile?: string | undefined
  /** A publisher has JetStream keep what it sends. Default: nothing is kept. */
  readonly retain?: NatsRetention | undefined
  /** A subscriber begins with what JetStream has kept from here on. Default: with what comes now. */
  readonly since?: Date | undefined
}

/** How much JetStream keeps of each topic, of pictures the newest only. Default: all that fits the server. */
export interface NatsRetention {
  readonly maxAgeMs?: number | undefined
  readonly maxBytes?: number | undefined
}

/** What `@zcast/nats` has for this module. */
interface NatsModule {
  readonly NatsTransport: new (options: TransportOptions) => Transport
}

type Open = (options: TransportOptions) => Promise<Transport>

// Its module is cheap: zeromq.js itself is loaded with the first socket.
const openZeromq: Open = async (options) => new ZeromqTransport(options)

/** The package is loaded only where such an endpoint is named, and need not be installed otherwise. */
const NATS_PACKAGE: string = '@zcast/nats'

const openNats: Open = async (options) => {
  let nats: NatsModule
  try {
    nats = (await import(NATS_PACKAGE)) as NatsModule
  } catch (error) {
    if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new OptionError(
      'NATS needs the package @zcast/nats, which is not installed: npm install @zcast/nats',
      {
        cause: error,
      },
    )
  }
  return new nats.NatsTransport(options)
}

/** The transport for each scheme of an endpoint. */
const SCHEMES: Readonly<Record<Endpoint['transport'], Open>> = {
  tcp: openZeromq,
  ipc: openZeromq,
  inproc: openZeromq,
  nats: openNats,
}

/**
 * Opens the transport of some endpoints, chosen by their scheme.
 *
 * @param endpoints - Those of one socket, to listen on and to connect to; at least one.
 * @throws {@link EndpointError} `ERR_ENDPOINT` when one cannot be parsed; {@link OptionError} `ERR_OPTION` when no
 *   single transport covers all of them, or when there is none.
 *
 * @example
 * ```ts
 * import { Publisher } from '@zcast/publisher'
 * import { openTransport } from '@zcast/shared'
 * import { Subscriber } from '@zcast/subscribers'
 *
 * const bind = 'inproc://both-in-one-process'
 * const transport = await openTransport([bind])
 * const publisher = await Publisher.open({ bind, transport })
 * const subscriber = await Subscriber.open({ connect: bind, topics: ['numbers/'], transport })
 * await subscriber.close()
 * await publisher.close()
 * ```
 */
export async function openTransport(
  endpoints: readonly string[],
  options: TransportOptions = {},
): Promise<Transport> {
  const [open, ...others] = new Set(endpoints.map((endpoint) => SCHEMES[parseEndpoint(endpoint).transport]))
  if (!open) throw new OptionError('name an endpoint to listen on or to connect to')
  if (others.length > 0) {
    throw new OptionError(
      `${endpoints.map(hideSecrets).join(' and ')} cannot share a socket: publish or subscribe twice`,
    )
  }
  return open(options)
}
