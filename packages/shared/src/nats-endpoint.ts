/** A NATS server of an endpoint. */
export interface NatsServer {
  /** `nats` is encrypted when the server wants it, `tls` always; `ws` and `wss` are WebSockets. */
  readonly scheme: 'nats' | 'tls' | 'ws' | 'wss'
  readonly host: string
  readonly port: number
  /** What stands before the host, percent-decoded: a user name, or a token where there is no password. */
  readonly user: string | undefined
  readonly password: string | undefined
}

/** The port of each scheme when none is given. */
const PORTS = { nats: 4222, tls: 4222, ws: 80, wss: 443 } as const

const FIRST = /^(nats|tls|wss?):\/\//

/** The servers of one endpoint; a larger cluster names its others by itself. */
const MAX_SERVERS = 16

/**
 * Parses `nats://HOST:PORT`, or several with commas between them, of which only the first needs its scheme.
 *
 * @returns `undefined` when it is nothing of the kind.
 */
export function parseNatsServers(text: string): readonly NatsServer[] | undefined {
  if (!FIRST.test(text)) return undefined
  const servers: NatsServer[] = []
  let scheme = ''
  for (const item of text.split(',')) {
    scheme = FIRST.exec(item)?.[1] ?? scheme
    const server = parseServer(scheme as NatsServer['scheme'], item.replace(FIRST, ''))
    if (!server || servers.length === MAX_SERVERS) return undefined
    servers.push(server)
  }
  return servers
}

function parseServer(scheme: NatsServer['scheme'], rest: string): NatsServer | undefined {
  // As http, because URL knows nothing of the parts of other schemes.
  const text = `http://${rest}`
  if (/[\s\\]/.test(rest) || !URL.canParse(text)) return undefined
  const { hostname, port, username, password, pathname, search, hash } = new URL(text)
  if (hostname === '' || hostname.includes('*') || pathname !== '/' || search !== '' || hash !== '')
    return undefined
  const isNamed = rest.endsWith(':80')
  const decode = (part: string): string | undefined => (part === '' ? undefined : decodeURIComponent(part))
  try {
    return {
      scheme,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isNamed ? 80 : PORTS[scheme]) : Number(port),
      user: decode(username),
      password: decode(password),
    }
  } catch {
    return undefined
  }
}
