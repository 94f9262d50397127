import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { sendRefusal, type Exchange } from './exchange.ts'
import { cookieName, judgeRequest, type GuardRules, type RouteKind, type Verdict } from './guard.ts'
import { HttpRefusal } from './http-refusal.ts'
import { listen } from './listen.ts'
import { formatAuthority, isWildcardHost, outsideAddress } from './loopback.ts'
import { hasBody, parseTarget, refuseUpgrade } from './raw-request.ts'
import { securityHeaders } from './security-headers.ts'
import { askForToken, signIn } from './sign-in.ts'
import { acceptChannel, type WebChannel } from './web-channel.ts'
import {
  checkWebServerOptions,
  type CheckedWebServerOptions,
  type WebServerOptions,
} from './web-server-options.ts'

/** How a path is served. */
export interface RouteOptions extends RouteKind {
  /** Goes on for long, so it counts towards `maxClients`. */
  readonly lasting?: boolean
}

/** Answers an admitted request; may throw {@link HttpRefusal}. */
export type RouteHandler = (exchange: Exchange) => void | Promise<void>

/** Serves one admitted WebSocket. */
export type ChannelHandler = (channel: WebChannel, url: URL) => void

interface Route extends RouteOptions {
  readonly handle: RouteHandler
}

/** A peer that does not move for this long is given up. */
const STUCK_MS = 60_000
/** How long a browser may take to say goodbye. */
const CLOSE_GRACE_MS = 500

/**
 * An HTTP and WebSocket server that lets in only whom it should: the guard looks at every request's Host, Origin,
 * Sec-Fetch-Site and token before a route sees it, and every answer carries the security headers. Everything is
 * bounded: header size, connections, lasting clients, and the time a peer may be stuck.
 */
export class WebServer {
  readonly #options: CheckedWebServerOptions
  readonly #server: Server
  readonly #routes = new Map<string, Route>()
  readonly #channelRoutes = new Map<string, ChannelHandler>()
  readonly #channels = new Set<WebChannel>()
  #lasting = 0
  #port: number

  /** @throws {@link OptionError} when an option is out of range, or the network would be let in by mistake. */
  constructor(options: WebServerOptions) {
    this.#options = checkWebServerOptions(options)
    this.#port = this.#options.port
    this.#server = createServer({ maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 20_000 })
    this.#server.timeout = STUCK_MS
    // Room for short requests beside the lasting ones; past it, the system's own queue has to wait.
    this.#server.maxConnections = this.#options.maxClients + 64
    this.#server.on('request', (request, response) => void this.#serve(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** `http://HOST:PORT`, to be opened in a browser; where every interface is bound, this machine's first address. */
  get address(): string {
    const { host } = this.#options
    return `http://${formatAuthority(isWildcardHost(host) ? outsideAddress() : host, this.#port)}`
  }

  /** Streams and WebSockets that are served now. */
  get clients(): number {
    return this.#lasting + this.#channels.size
  }

  /** Serves a path by GET and HEAD. */
  route(path: string, handle: RouteHandler, options: RouteOptions = {}): void {
    this.#routes.set(path, { ...options, handle })
  }

  /** Serves WebSockets at a path. */
  channel(path: string, handle: ChannelHandler): void {
    this.#channelRoutes.set(path, handle)
  }

  /** Starts listening. @throws {@link EndpointError} when the address is taken, or cannot be bound. */
  async listen(): Promise<void> {
    this.#port = await listen(this.#server, this.#options.host, this.#options.port)
  }

  /** Ends every stream and frees the port. May be called twice, and before `listen`. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    const grace = setTimeout(() => this.#channels.forEach((channel) => channel.terminate()), CLOSE_GRACE_MS)
    const channelsClosed = [...this.#channels].map(
      (channel) => new Promise<void>((resolve) => channel.onClose(resolve)),
    )
    for (const channel of this.#channels) channel.close(1001)
    await Promise.all(channelsClosed)
    clearTimeout(grace)
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders(request.headers)))
      response.setHeader(name, value)
    const url = parseTarget(request.url)
    const exchange: Exchange = {
      request,
      response,
      url: url ?? new URL('http://_/'),
      headOnly: request.method === 'HEAD',
    }
    if (!url) return sendRefusal(exchange, 400, 'the request target is not a path')
    // A body nobody asked for is not read, so the connection cannot go on.
    if (hasBody(request)) response.shouldKeepAlive = false
    const route = this.#routes.get(url.pathname)
    const verdict = this.#judge(request, url, route ?? {})
    if (!verdict.admitted) {
      if (verdict.status === 401 && route?.page) askForToken(exchange, verdict.reason)
      else sendRefusal(exchange, verdict.status, verdict.reason)
      return
    }
    if (!route) return sendRefusal(exchange, 404, 'there is nothing here')
    const { token } = this.#options
    if (route.page && verdict.tokenFrom === 'url' && token) {
      return signIn(exchange, `${cookieName(this.#port)}=${token.cookie}`)
    }
    await this.#handle(route, exchange)
  }

  async #handle(route: Route, exchange: Exchange): Promise<void> {
    if (route.lasting) {
      if (this.clients >= this.#options.maxClients)
        return sendRefusal(exchange, 503, 'too many clients at once')
      this.#lasting += 1
      exchange.response.once('close', () => (this.#lasting -= 1))
    }
    try {
      await route.handle(exchange)
    } catch (error) {
      if (exchange.response.headersSent) exchange.response.destroy()
      else if (error instanceof HttpRefusal) sendRefusal(exchange, error.status, error.message)
      else sendRefusal(exchange, 500, 'this could not be answered')
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const url = parseTarget(request.url)
    const handle = url && this.#channelRoutes.get(url.pathname)
    if (!url) return refuseUpgrade(socket, 400, 'the request target is not a path')
    const verdict = this.#judge(request, url, {})
    if (!verdict.admitted) return refuseUpgrade(socket, verdict.status, verdict.reason)
    if (!handle) return refuseUpgrade(socket, 404, 'there is no WebSocket here')
    if (this.clients >= this.#options.maxClients)
      return refuseUpgrade(socket, 503, 'too many clients at once')
    acceptChannel(request, socket, head, (channel) => {
      this.#channels.add(channel)
      channel.onClose(() => this.#channels.delete(channel))
      handle(channel, url)
    })
  }

  #judge(request: IncomingMessage, url: URL, kind: RouteKind): Verdict {
    const rules: GuardRules = { ...this.#options, port: this.#port }
    return judgeRequest({ method: request.method, url, headers: request.headers }, rules, kind)
  }
}
