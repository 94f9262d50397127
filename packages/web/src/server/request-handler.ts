import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorMessage } from '@zcast/shared/internal'
import { findClientAddress } from './client-address.ts'
import { sendRefusal, type Exchange } from './exchange.ts'
import type { Verdict } from './admission/guard.ts'
import { HttpRefusal } from './http-refusal.ts'
import { ONE_TIME_PARAMETER } from './admission/one-time-codes.ts'
import { describeNothing, findFault, hasBody, parseTarget } from './raw-request.ts'
import { NOT_OPEN, TOO_MANY_CLIENTS, TOO_MANY_CONNECTIONS } from './refusal-reasons.ts'
import { isFrame } from './admission/request-origin.ts'
import type { Route } from './routes.ts'
import { PREFLIGHT_HEADERS, readableHeaders, securityHeaders } from './admission/security-headers.ts'
import type { ServerState } from './server-state.ts'
import { formatCookie } from './admission/session-cookie.ts'
import { askForToken, signIn } from './admission/sign-in.ts'
import { visitorOf } from './visitor.ts'

/** A body has to arrive within this time, unless its path says otherwise. */
const BODY_WITHIN_MS = 20_000

/** Answers the requests to a {@link WebServer}: who may, what is there, and what fails. */
export class RequestHandler {
  readonly #server: ServerState

  constructor(server: ServerState) {
    this.#server = server
  }

  /**
   * Answers it, or refuses it.
   *
   * @param target - The path and query, where this is a part of another server. Default: those of the request.
   */
  async serve(request: IncomingMessage, response: ServerResponse, target = request.url): Promise<void> {
    const { allowedOrigins, token, hostToken } = this.#server.options
    setHeaders(response, securityHeaders(request.headers, allowedOrigins))
    const url = parseTarget(target) ?? new URL('http://_/')
    const exchange: Exchange = { request, response, url, headOnly: request.method === 'HEAD' }
    this.#watch(exchange)
    if (!this.#server.isOpen) return refuse(exchange, 503, NOT_OPEN)
    const fault = findFault(request)
    if (fault !== undefined) return refuse(exchange, 400, fault)
    const route = this.#server.routes.find(url.pathname)
    if (hasBody(request) && !route?.slowBodies) limitBody(request)
    // An unexpected body is not read, so the connection cannot be used again.
    if (hasBody(request) && !route?.methods) response.shouldKeepAlive = false
    if (request.method === 'OPTIONS' && this.#answerPreflight(exchange)) return
    const verdict = await this.#server.doorkeeper.judge(request, url, route ?? {})
    if (!verdict.admitted) return this.#turnAway(exchange, verdict)
    // Access to open content says nothing about the client.
    if (!route?.open && !route?.asset && !this.#server.connections.admit(request.socket))
      return refuse(exchange, 503, TOO_MANY_CONNECTIONS)
    if (verdict.readableBy !== undefined) setHeaders(response, readableHeaders(verdict.readableBy))
    // A frame of another site gets no cookie; its page continues with the token in its address.
    const isEmbedded = isFrame(request.headers) || verdict.readableBy !== undefined
    const isArriving = verdict.tokenFrom === 'url' || url.searchParams.has(ONE_TIME_PARAMETER)
    const secret = verdict.isHost ? hostToken : token
    if (route?.page && isArriving && secret && !isEmbedded)
      return signIn(exchange, formatCookie(request.headers, secret.cookie), this.#server.look)
    const isHost = verdict.isHost ?? false
    const isEverybodys = route?.open || route?.asset || route?.page
    const reason = isEverybodys ? undefined : this.#server.keepOut(visitorOf(request, isHost), url.pathname)
    if (reason !== undefined) return refuse(exchange, 403, reason)
    await this.#answer(exchange, route, isHost)
  }

  /** Counts a request, and the data held for it. */
  #watch({ request, response }: Exchange): void {
    const end = this.#server.connections.begin(request.socket)
    const outlet = { heldBytes: () => response.writableLength, cut: () => response.destroy() }
    const release = this.#server.budget.add(outlet)
    response.once('close', () => {
      end()
      release()
    })
  }

  #answerPreflight({ request, response }: Exchange): boolean {
    const { origin } = request.headers
    if (origin === undefined || !this.#server.options.allowedOrigins.includes(origin)) return false
    setHeaders(response, { ...readableHeaders(origin), ...PREFLIGHT_HEADERS })
    response.writeHead(204).end()
    return true
  }

  #turnAway(exchange: Exchange, verdict: Extract<Verdict, { admitted: false }>): void {
    // A client that is not admitted must not hold the connection either.
    exchange.response.shouldKeepAlive = false
    if (verdict.status === 401) askForToken(exchange, verdict, this.#server.look)
    else sendRefusal(exchange, verdict.status, verdict.reason)
  }

  async #answer(exchange: Exchange, route: Route | undefined, isHost: boolean): Promise<void> {
    const { url, request, response } = exchange
    try {
      if (this.#server.channels.has(url.pathname)) return await this.#server.channels.poll(exchange, isHost)
      if (!route?.handle) throw new HttpRefusal(404, describeNothing(url))
      const leave = route.lasting ? this.#server.slots.take(findClientAddress(request)) : () => {}
      if (!leave) throw new HttpRefusal(503, TOO_MANY_CLIENTS)
      response.once('close', leave)
      await route.handle(exchange)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else if (error instanceof HttpRefusal) sendRefusal(exchange, error.status, error.message)
      else {
        // The client is told nothing of it: it may be anybody.
        const message = `a request for ${url.pathname} could not be answered`
        this.#server.log?.warning(`${message}: ${errorMessage(error)}`, error, message)
        sendRefusal(exchange, 500, 'this could not be answered')
      }
    }
  }
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
