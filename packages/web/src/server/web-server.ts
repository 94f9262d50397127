import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Log } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { type ChannelHandler, ChannelHall, type KeepOut, type Visitor } from './channel-hall.ts'
import { findClientAddress } from './client-address.ts'
import { ClientSlots } from './client-slots.ts'
import { Connections } from './connections.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { sendRefusal, type Exchange } from './exchange.ts'
import type { RouteKind, Verdict } from './guard.ts'
import { HttpRefusal } from './http-refusal.ts'
import { listen } from './listen.ts'
import { formatAuthority, isWildcardHost, outsideAddress } from './host-address.ts'
import { readMountedTarget } from './mounted-target.ts'
import { ONE_TIME_PARAMETER, OneTimeCodes } from './one-time-codes.ts'
import { OutgoingBudget } from './outgoing-budget.ts'
import {
  describeNothing,
  findFault,
  hasBody,
  parseTarget,
  refuseUpgrade,
  wantsWebSocket,
} from './raw-request.ts'
import { isFrame } from './request-origin.ts'
import { PREFLIGHT_HEADERS, readableHeaders, securityHeaders } from './security-headers.ts'
import { formatCookie } from './session-cookie.ts'
import { askForToken, signIn, type SignInLook } from './sign-in.ts'
import type { ChannelOptions } from './web-channel.ts'
import {
  checkWebServerOptions,
  type CheckedWebServerOptions,
  type WebServerOptions,
} from './web-server-options.ts'

/** The options of a path. */
export interface RouteOptions extends RouteKind {
  /** Lasts long, so it counts towards `maxClients`. */
  readonly lasting?: boolean
  /** Also answers every path that begins with this one, which then ends with `/`. Default false. */
  readonly below?: boolean
  /** Its bodies may take as long as the handler lets them; others have 20 s to arrive. Default false. */
  readonly slowBodies?: boolean
}

/** Answers an admitted request; may throw {@link HttpRefusal}. */
export type RouteHandler = (exchange: Exchange) => void | Promise<void>

interface Route extends RouteOptions {
  readonly handle: RouteHandler
}

/** A peer without progress for this long is given up. */
const STUCK_MS = 60_000
/** A body has to arrive within this time, unless its path says otherwise. */
const BODY_WITHIN_MS = 20_000
/** Without a WebSocket, what is said on a channel is posted. */
const CHANNEL: RouteOptions = { methods: ['POST'] }
const TOO_MANY = 'too many clients at once'
const NOT_OPEN = 'this is not open at the moment'

/**
 * An HTTP and WebSocket server that admits only allowed requests: the guard checks every request's Host, Origin,
 * Sec-Fetch-Site and token before a route sees it, and every answer carries the security headers. Everything is
 * bounded: header size, connections, lasting clients, wrong tokens, the data held for peers that do not read it, and
 * the time a peer may be stuck.
 */
export class WebServer {
  readonly #options: CheckedWebServerOptions
  readonly #server: Server
  readonly #routes = new Map<string, Route>()
  readonly #channels: ChannelHall
  readonly #slots: ClientSlots
  readonly #connections: Connections
  readonly #oneTimeCodes = new OneTimeCodes()
  readonly #doorkeeper: Doorkeeper
  readonly #budget: OutgoingBudget
  #keepOut: KeepOut = () => undefined
  #log: Log | undefined
  #look: SignInLook = { title: 'zcast', stylesheets: [] }
  #port: number
  /** False before `listen` and after `close`. */
  #isOpen = false
  /** Answers on connections of another server, which must be ended here. */
  readonly #mounted = new Set<ServerResponse>()

  /**
   * @throws {@link OptionError} when an option is out of range, or the server would be open to the network by mistake.
   */
  constructor(options: WebServerOptions) {
    this.#options = checkWebServerOptions(options)
    this.#port = this.#options.port ?? 0
    const { maxClients } = this.#options
    const log = (): Log | undefined => this.#log
    this.#slots = new ClientSlots(maxClients)
    this.#doorkeeper = new Doorkeeper({ ...this.#options, oneTimeCodes: this.#oneTimeCodes }, log)
    this.#budget = new OutgoingBudget(log)
    this.#channels = new ChannelHall(this.#slots, this.#budget)
    // Node's own limit of a request's time would also end an upload of an hour: bodies have one of ours.
    const timeouts = { headersTimeout: 10_000, requestTimeout: 0, connectionsCheckingInterval: 2000 }
    const { tls } = this.#options
    const common = { maxHeaderSize: 16_384, ...timeouts }
    this.#server = tls
      ? createSecureServer({ ...common, ...tls, handshakeTimeout: 10_000 })
      : createServer(common)
    this.#server.timeout = STUCK_MS
    // Room for short requests beside the lasting ones.
    const limits = { admitted: maxClients + 64, admittedOfOne: maxClients / 2 + 64 }
    this.#connections = new Connections(this.#server, limits, log)
    this.#server.on('request', (request, response) => void this.#serve(request, response))
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head))
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
    return this.#slots.taken
  }

  /** Serves a path by GET and HEAD, and by the methods that the options name; those may bring a body, which the handler bounds. */
  route(path: string, handle: RouteHandler, options: RouteOptions = {}): void {
    this.#routes.set(path, { ...options, handle })
  }

  /** Serves WebSockets at a path, and single requests where a proxy does not support WebSockets. */
  channel(path: string, handle: ChannelHandler, options: ChannelOptions = {}): void {
    this.#channels.add(path, handle, options)
  }

  /**
   * Asks, before anything but a page and its files is served, whether somebody may have it, and ends what they have now.
   * To be called again when the answers have changed.
   */
  keepOut(keepOut: KeepOut): void {
    this.#keepOut = keepOut
    this.#channels.cut(keepOut)
  }

  /** Gives the sign-in page the look of the other pages. */
  styleSignIn(look: SignInLook): void {
    this.#look = look
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
    void this.#serve(request, response, mounted.target)
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
    void this.#upgrade(request, socket, head, mounted.target)
    return true
  }

  /**
   * Starts listening; a part of another server answers from now on.
   *
   * @param log - Receives reports of attacks and of answers that failed. Default: no reports.
   * @throws {@link EndpointError} when the address is taken, or cannot be bound.
   */
  async listen(log?: Log): Promise<void> {
    this.#log = log
    const { host, port, tls } = this.#options
    if (port !== undefined) this.#port = await listen(this.#server, host, port, tls ? 'https' : 'http')
    this.#isOpen = true
  }

  /** Ends every stream and frees the port. May be called twice, and before `listen`. */
  async close(): Promise<void> {
    this.#isOpen = false
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    this.#doorkeeper.close()
    await this.#channels.close()
    this.#server.closeAllConnections()
    for (const response of this.#mounted) response.destroy()
    this.#connections.close()
    this.#budget.close()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse, target = request.url): Promise<void> {
    const { allowedOrigins, token, hostToken } = this.#options
    this.#noteTls(request)
    setHeaders(response, securityHeaders(request.headers, allowedOrigins))
    const url = parseTarget(target) ?? new URL('http://_/')
    const exchange: Exchange = { request, response, url, headOnly: request.method === 'HEAD' }
    this.#watch(exchange)
    if (!this.#isOpen) return refuse(exchange, 503, NOT_OPEN)
    const fault = findFault(request)
    if (fault !== undefined) return refuse(exchange, 400, fault)
    const route = this.#findRoute(url.pathname)
    if (hasBody(request) && !route?.slowBodies) limitBody(request)
    // An unexpected body is not read, so the connection cannot be used again.
    if (hasBody(request) && !route?.methods) response.shouldKeepAlive = false
    if (request.method === 'OPTIONS' && this.#answerPreflight(exchange)) return
    const verdict = await this.#doorkeeper.judge(request, url, route ?? {})
    if (!verdict.admitted) return this.#turnAway(exchange, verdict)
    // Access to open content says nothing about the client.
    if (!route?.open && !route?.asset && !this.#connections.admit(request.socket))
      return refuse(exchange, 503, 'too many connections at once')
    if (verdict.readableBy !== undefined) setHeaders(response, readableHeaders(verdict.readableBy))
    // A frame of another site gets no cookie; its page continues with the token in its address.
    const isEmbedded = isFrame(request.headers) || verdict.readableBy !== undefined
    const isArriving = verdict.tokenFrom === 'url' || url.searchParams.has(ONE_TIME_PARAMETER)
    const secret = verdict.isHost ? hostToken : token
    if (route?.page && isArriving && secret && !isEmbedded)
      return signIn(exchange, formatCookie(request.headers, secret.cookie), this.#look)
    const isHost = verdict.isHost ?? false
    const isEverybodys = route?.open || route?.asset || route?.page
    const reason = isEverybodys ? undefined : this.#keepOut(visitorOf(request, isHost), url.pathname)
    if (reason !== undefined) return refuse(exchange, 403, reason)
    await this.#answer(exchange, route, isHost)
  }

  /** TLS to this server counts like TLS to a proxy before it. */
  #noteTls({ headers }: IncomingMessage): void {
    if (this.#options.tls) headers['x-forwarded-proto'] = 'https'
  }

  #findRoute(path: string): RouteOptions | Route | undefined {
    const route = this.#routes.get(path)
    if (route) return route
    if (this.#channels.has(path)) return CHANNEL
    const parent = this.#routes.get(path.slice(0, path.indexOf('/', 1) + 1))
    return parent?.below ? parent : undefined
  }

  /** Counts a request, and the data held for it. */
  #watch({ request, response }: Exchange): void {
    const end = this.#connections.begin(request.socket)
    const outlet = { heldBytes: () => response.writableLength, cut: () => response.destroy() }
    const release = this.#budget.add(outlet)
    response.once('close', () => {
      end()
      release()
    })
  }

  #answerPreflight({ request, response }: Exchange): boolean {
    const { origin } = request.headers
    if (origin === undefined || !this.#options.allowedOrigins.includes(origin)) return false
    setHeaders(response, { ...readableHeaders(origin), ...PREFLIGHT_HEADERS })
    response.writeHead(204).end()
    return true
  }

  #turnAway(exchange: Exchange, verdict: Extract<Verdict, { admitted: false }>): void {
    // A client that is not admitted must not hold the connection either.
    exchange.response.shouldKeepAlive = false
    if (verdict.status === 401) askForToken(exchange, verdict, this.#look)
    else sendRefusal(exchange, verdict.status, verdict.reason)
  }

  async #answer(exchange: Exchange, route: RouteOptions | Route | undefined, isHost: boolean): Promise<void> {
    const { url, request, response } = exchange
    try {
      if (this.#channels.has(url.pathname)) return await this.#channels.poll(exchange, isHost)
      if (!route || !('handle' in route)) throw new HttpRefusal(404, describeNothing(url))
      const leave = route.lasting ? this.#slots.take(findClientAddress(request)) : () => {}
      if (!leave) throw new HttpRefusal(503, TOO_MANY)
      response.once('close', leave)
      await route.handle(exchange)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else if (error instanceof HttpRefusal) sendRefusal(exchange, error.status, error.message)
      else {
        // The client is told nothing of it: it may be anybody.
        const message = `a request for ${url.pathname} could not be answered`
        this.#log?.warning(`${message}: ${errorMessage(error)}`, error, message)
        sendRefusal(exchange, 500, 'this could not be answered')
      }
    }
  }

  async #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    target = request.url,
  ): Promise<void> {
    socket.on('error', () => socket.destroy())
    if (!wantsWebSocket(request)) return this.#answerPlainly(request, socket as Socket)
    this.#noteTls(request)
    if (!this.#isOpen) return refuseUpgrade(socket, 503, NOT_OPEN)
    const fault = findFault(request)
    const url = parseTarget(target)
    if (!url || fault !== undefined) return refuseUpgrade(socket, 400, fault ?? '')
    const verdict = await this.#doorkeeper.judge(request, url, {})
    if (!verdict.admitted) {
      if (this.#channels.isForPrograms(url.pathname))
        this.#log?.warning(`a client was refused: ${verdict.reason}`, undefined, 'refused client')
      return refuseUpgrade(socket, verdict.status, verdict.reason)
    }
    const isHost = verdict.isHost ?? false
    const reason = this.#keepOut(visitorOf(request, isHost), url.pathname)
    if (reason !== undefined) return refuseUpgrade(socket, 403, reason)
    if (!this.#connections.admit(socket)) return refuseUpgrade(socket, 503, TOO_MANY)
    socket.once('close', this.#connections.begin(socket))
    this.#channels.upgrade(request, socket, head, url, isHost)
  }

  /** Another protocol was offered, such as `h2c`: a client that offers it also accepts HTTP/1.1. */
  #answerPlainly(request: IncomingMessage, socket: Socket): void {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.end())
    void this.#serve(request, response)
  }
}

function visitorOf(request: IncomingMessage, isHost: boolean): Visitor {
  return { address: findClientAddress(request), isHost }
}

function limitBody(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), BODY_WITHIN_MS).unref()
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function refuse(exchange: Exchange, status: number, reason: string): void {
  exchange.response.shouldKeepAlive = false
  sendRefusal(exchange, status, reason)
}
