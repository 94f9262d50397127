import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { findFault, parseTarget, refuseUpgrade, wantsWebSocket } from './raw-request.ts'
import { NOT_OPEN, TOO_MANY_CONNECTIONS } from './refusal-reasons.ts'
import type { RequestHandler } from './request-handler.ts'
import type { ServerState } from './server-state.ts'
import { visitorOf } from './visitor.ts'

/** Opens the WebSockets of a {@link WebServer} for those who may have them. */
export class UpgradeHandler {
  readonly #server: ServerState
  readonly #requests: RequestHandler

  /** @param requests - Answers who offers another protocol. */
  constructor(server: ServerState, requests: RequestHandler) {
    this.#server = server
    this.#requests = requests
  }

  /**
   * Opens it, or refuses it.
   *
   * @param target - The path and query, where this is a part of another server. Default: those of the request.
   */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target = request.url): Promise<void> {
    socket.on('error', () => socket.destroy())
    if (!wantsWebSocket(request)) return this.#answerPlainly(request, socket as Socket)
    if (!this.#server.isOpen) return refuseUpgrade(socket, 503, NOT_OPEN)
    const fault = findFault(request)
    const url = parseTarget(target)
    if (!url || fault !== undefined) return refuseUpgrade(socket, 400, fault ?? '')
    const verdict = await this.#server.doorkeeper.judge(request, url, {})
    if (!verdict.admitted) {
      if (this.#server.channels.isForPrograms(url.pathname))
        this.#server.log?.warning(`a client was refused: ${verdict.reason}`, undefined, 'refused client')
      return refuseUpgrade(socket, verdict.status, verdict.reason)
    }
    const isHost = verdict.isHost ?? false
    const reason = this.#server.keepOut(visitorOf(request, isHost), url.pathname)
    if (reason !== undefined) return refuseUpgrade(socket, 403, reason)
    if (!this.#server.connections.admit(socket)) return refuseUpgrade(socket, 503, TOO_MANY_CONNECTIONS)
    socket.once('close', this.#server.connections.begin(socket))
    this.#server.channels.upgrade(request, socket, head, url, isHost)
  }

  /** Another protocol was offered, such as `h2c`: a client that offers it also accepts HTTP/1.1. */
  #answerPlainly(request: IncomingMessage, socket: Socket): void {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.end())
    void this.#requests.serve(request, response)
  }
}
