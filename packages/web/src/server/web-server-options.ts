import { isIP } from 'node:net'
import { OptionError } from '@zcast/shared'
import { isHost, isLoopbackHost } from '@zcast/shared/internal'
import { AccessToken } from './admission/access-token.ts'
import { checkAllowedOrigins } from './admission/allowed-origins.ts'

/** The address of a web server, and who may use it. */
export interface WebServerOptions {
  /** Address or name to listen on. Default `127.0.0.1`, which only this machine can reach. */
  readonly host?: string | undefined
  /**
   * Port, 1 to 65535; 0 picks a free one. Default: it does not listen, and is a part of another server, which passes
   * requests on to `handler` and `upgrade`, and decides who may reach it.
   */
  readonly port?: number | undefined
  /** As a part of another server: the path below which it is mounted, such as `/cam/`. Default `/`. */
  readonly path?: string | undefined
  /** The secret that opens the server; required when it listens and other machines can reach it, see `noToken`. */
  readonly token?: string | undefined
  /**
   * A second secret, for those with more rights: it opens the server too. Default: nobody has
   * more rights than others.
   */
  readonly hostToken?: string | undefined
  /** Serves over TLS: a certificate with its chain, and its private key, both PEM. Default: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** Admits everybody who can reach the server. Default false. */
  readonly noToken?: boolean | undefined
  /**
   * Further names under which it is reached, `NAME` or `NAME:PORT`, such as a proxy's. Default none; as a part of
   * another server, every name.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Origins of pages elsewhere that may embed and read everything, such as `http://homeassistant.local:8123`; each
   * still needs the token. Default none.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * The number of streams and WebSockets served at once, 1 to 10,000; one more is answered 503. Another machine may
   * have half of them. Default 256.
   */
  readonly maxClients?: number | undefined
}

/** The options, checked and complete. */
export interface CheckedWebServerOptions {
  readonly host: string
  /** `undefined` for a part of another server. */
  readonly port: number | undefined
  /** Begins and ends with `/`. */
  readonly path: string
  readonly token: AccessToken | undefined
  readonly hostToken: AccessToken | undefined
  readonly tls: WebServerOptions['tls']
  readonly allowedHosts: readonly string[]
  readonly anyHost: boolean
  readonly allowedOrigins: readonly string[]
  readonly maxClients: number
}

const PATH = /^\/(?:[\w.~-]+\/)*(?:[\w.~-]+)?$/

/**
 * @throws {@link OptionError} `ERR_OPTION` when one is out of range, or the server would be open to the network by
 *   mistake.
 */
export function checkWebServerOptions(options: WebServerOptions): CheckedWebServerOptions {
  const {
    host = '127.0.0.1',
    port,
    path = '/',
    token,
    hostToken,
    tls,
    noToken = false,
    allowedHosts = [],
    maxClients = 256,
  } = options
  const { allowedOrigins = [] } = options
  if (isIP(host.replace(/%.*$/, '')) !== 6 && !isHost(host))
    throw new OptionError(`host must be an address such as 0.0.0.0, or a name, got "${host}"`)
  if (port !== undefined) checkInteger('port', port, 0, 65_535)
  if (hostToken !== undefined && hostToken === token)
    throw new OptionError('token and hostToken must differ, or everybody would be a host')
  if (!PATH.test(path)) throw new OptionError(`path must be a path such as /cam/, got "${path}"`)
  checkInteger('maxClients', maxClients, 1, 10_000)
  const isEmbedded = port === undefined
  if (!isEmbedded && path !== '/') {
    throw new OptionError('path is for a part of another server: leave port out, or path')
  }
  if (!isEmbedded && token === undefined && !noToken && !isLoopbackHost(host)) {
    throw new OptionError(
      `other machines can reach ${host}, so a token is needed: give one with --token-file or ZCAST_TOKEN, or use --no-token to admit everybody`,
    )
  }
  return {
    host,
    port,
    path: path.endsWith('/') ? path : `${path}/`,
    token: token === undefined ? undefined : new AccessToken(token),
    hostToken: hostToken === undefined ? undefined : new AccessToken(hostToken),
    tls,
    allowedHosts,
    anyHost: isEmbedded && allowedHosts.length === 0,
    allowedOrigins: checkAllowedOrigins(allowedOrigins),
    maxClients,
  }
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new OptionError(`${name} must be a whole number from ${least} to ${most}, got ${value}`)
}
