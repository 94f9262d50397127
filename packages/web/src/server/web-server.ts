import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Log } from '@zcast/shared'
import { type ChannelHandler, ChannelHall } from './channels/channel-hall.ts'
import { ClientSlots } from './limits/client-slots.ts'
import { Connections } from './limits/connections.ts'
import { Doorkeeper } from './admission/doorkeeper.ts'
import { formatAuthority, isWildcardHost, outsideAddress } from './host-address.ts'
import { listen } from './listen.ts'
import { readMountedTarget } from './mounted-target.ts'
import { ONE_TIME_PARAMETER, OneTimeCodes } from './admission/one-time-codes.ts'
import { OutgoingBudget } from './limits/outgoing-budget.ts'
import { RequestHandler } from './request-handler.ts'
import { type RouteHandler, type RouteOptions, Routes } from './routes.ts'
import type { ServerState } from './server-state.ts'
import type { SignInLook } from './admission/sign-in.ts'
import { UpgradeHandler } from './upgrade-handler.ts'
import type { KeepOut } from './visitor.ts'
import type { ChannelOptions } from './channels/web-channel.ts'
import {
  checkWebServerOptions,
  type CheckedWebServerOptions,
  type WebServerOptions,
} from './web-server-options.ts'

/** A peer without progress for this long is given up. */
const STUCK_MS = 60_000

/**
 * An HTTP and WebSocket server that admits only allowed requests: the guard checks every request's Host, Origin,
 * Sec-Fetch-Site and token before a route sees it, and every answer carries the security headers. Everything is
 * bounded: header size, connections, lasting clients, wrong tokens, the data held for peers that do not read it, and
 * the time a peer may be stuck.
 */
export class WebServer {
  readonly #options: CheckedWebServerOptions
  readonly #server: Server
  readonly #state: ServerState
  readonly #requests: RequestHandler
  readonly #upgrades: UpgradeHandler
  readonly #oneTimeCodes = new OneTimeCodes()
  #port: number
  /** Answers on connections of another server, which must be ended here. */
  readonly #mounted = new Set<ServerResponse>()

  /**
   * @throws {@link OptionError} when an option is out of range, or the server would be open to the network by mistake.
   */
  constructor(options: WebServerOptions) {
    this.#options = checkWebServerOptions(options)
    this.#port = this.#options.port ?? 0
    this.#server = makeServer(this.#options)
    this.#state = this.#makeState()
    this.#requests = new RequestHandler(this.#state)
    this.#upgrades = new UpgradeHandler(this.#state, this.#requests)
    this.#server.on('request', (request, response) => void this.#requests.serve(request, response))
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrades.upgrade(request, socket, head))
  }

  /**
   * `http://HOST:PORT`, to be opened in a browser; when every interface is bound, this machine's first address. For a
   * part of another server, its path.
   */
  get address(): string {
    const { host, port, path, tls } = this.#options
    if (port === undefined) return path
    return `${tls ? 'https' : 'http'}://${formatAuthority(isWildcardHost(host) ? outsideAddress() : host, this.#port)}`
  }

  /**
   * The address with a code that opens the page once, within ten minutes; every call makes another, of which 16 are kept.
   * The plain address where no token is needed.
   *
   * @param isHost - Whether it opens with the rights of the `hostToken`. Default false.
   */
  oneTimeAddress(isHost = false): string {
    if (!(isHost ? this.#options.hostToken : this.#options.token)) return this.address
    return `${this.address.replace(/\/?$/, '/')}?${ONE_TIME_PARAMETER}=${this.#oneTimeCodes.issue(isHost)}`
  }

  /** The number of streams and WebSockets being served. */
  get clients(): number {
    return this.#state.slots.taken
  }

  /** Serves a path by GET and HEAD, and by the methods that the options name; those may bring a body, which the handler bounds. */
  route(path: string, handle: RouteHandler, options: RouteOptions = {}): void {
    this.#state.routes.add(path, handle, options)
  }

  /** Serves WebSockets at a path, and single requests where a proxy does not support WebSockets. */
  channel(path: string, handle: ChannelHandler, options: ChannelOptions = {}): void {
    this.#state.channels.add(path, handle, options)
  }

  /**
   * Asks, before anything but a page and its files is served, whether somebody may have it, and ends what they have now.
   * To be called again when the answers have changed.
   */
  keepOut(keepOut: KeepOut): void {
    this.#state.keepOut = keepOut
    this.#state.channels.cut(keepOut)
  }

  /** Gives the sign-in page the look of the other pages. */
  styleSignIn(look: SignInLook): void {
    this.#state.look = look
  }

  /**
   * Answers a request to another server. Bound, so that it can be passed as a function.
   *
   * @returns False, with the request untouched, when it is not below the path of this part.
   */
  readonly handler = (request: IncomingMessage, response: ServerResponse): boolean => {
    const mounted = readMountedTarget(request, this.#options.path)
    if (!mounted) return false
    if ('redirect' in mounted) {
      response.writeHead(308, { Location: mounted.redirect, 'Content-Length': 0 }).end()
      return true
    }
    this.#mounted.add(response)
    response.once('close', () => this.#mounted.delete(response))
    void this.#requests.serve(request, response, mounted.target)
    return true
  }

  /**
   * Opens a WebSocket requested from another server, with the arguments of its event `upgrade`. Also bound.
   *
   * @returns False, with the socket untouched, when it is not below the path of this part.
   */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const mounted = readMountedTarget(request, this.#options.path)
    if (!mounted || 'redirect' in mounted) return false
    void this.#upgrades.upgrade(request, socket, head, mounted.target)
    return true
  }

  /**
   * Starts listening; a part of another server answers from now on.
   *
   * @param log - Receives reports of attacks and of answers that failed. Default: no reports.
   * @throws {@link EndpointError} when the address is taken, or cannot be bound.
   */
  async listen(log?: Log): Promise<void> {
    this.#state.log = log
    const { host, port, tls } = this.#options
    if (port !== undefined) this.#port = await listen(this.#server, host, port, tls ? 'https' : 'http')
    this.#state.isOpen = true
  }

  /** Ends every stream and frees the port. May be called twice, and before `listen`. */
  async close(): Promise<void> {
    this.#state.isOpen = false
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    this.#state.doorkeeper.close()
    await this.#state.channels.close()
    this.#server.closeAllConnections()
    for (const response of this.#mounted) response.destroy()
    this.#state.connections.close()
    this.#state.budget.close()
    await closed
  }

  #makeState(): ServerState {
    const options = this.#options
    const { maxClients } = options
    const log = (): Log | undefined => this.#state.log
    const slots = new ClientSlots(maxClients)
    const budget = new OutgoingBudget(log)
    const channels = new ChannelHall(slots, budget)
    // Room for short requests beside the lasting ones.
    const limits = { admitted: maxClients + 64, admittedOfOne: maxClients / 2 + 64 }
    return {
      options,
      routes: new Routes(channels),
      channels,
      slots,
      connections: new Connections(this.#server, limits, log),
      doorkeeper: new Doorkeeper({ ...options, oneTimeCodes: this.#oneTimeCodes }, log),
      budget,
      isOpen: false,
      keepOut: () => undefined,
      look: { title: 'zcast', stylesheets: [] },
      log: undefined,
    }
  }
}

function makeServer({ tls }: CheckedWebServerOptions): Server {
  const common: ServerOptions = {
    maxHeaderSize: 16_384,
    headersTimeout: 10_000,
    // Node's own limit of a request's time would also end an upload of an hour: bodies have one of ours.
    requestTimeout: 0,
    connectionsCheckingInterval: 2000,
  }
  const server = tls
    ? createSecureServer({ ...common, ...tls, handshakeTimeout: 10_000 })
    : createServer(common)
  server.timeout = STUCK_MS
  if (tls) server.on('request', noteTls).on('upgrade', noteTls)
  return server
}

/** TLS to this server counts like TLS to a proxy before it. */
function noteTls({ headers }: IncomingMessage): void {
  headers['x-forwarded-proto'] = 'https'
}
