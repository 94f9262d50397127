import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import { parsePeerEndpoint, parseZeromqEndpoint } from '../endpoint.ts'
import { EndpointError, systemErrorCode } from '../errors.ts'
import type { RefusalReason } from '../security/refusal.ts'
import type { LookUp } from './host-dialer.ts'
import type { IpcFile } from './ipc-file.ts'
import { bindTo } from './zeromq-attach.ts'
import { ZeromqConnections } from './zeromq-connections.ts'
import type { ZeromqEvents } from './zeromq-events.ts'

/** The time for which a released address may be taken by somebody else; a few milliseconds are usual. */
const REBIND_WITHIN_MS = 10_000

const REBIND_EVERY_MS = 2

/** Errors of `accept` that mean that there is no room, not that the connection was bad. */
const NO_ROOM: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** Options of {@link ZeromqEndpoints}. */
export interface EndpointOptions {
  readonly events: ZeromqEvents
  readonly lookUp: LookUp
  /** Called after each change of the number of peers. */
  readonly onPeers: () => void
  /** Called for each connection that broke the protocol, could not be accepted, or whose host was not found. */
  readonly onRefused: (reason: RefusalReason, endpoint: string) => void
}

/** The endpoints of a socket: listens at some, connects to others, and can cut off all of their peers. */
export class ZeromqEndpoints {
  readonly #socket: zmq.Socket
  readonly #connections: ZeromqConnections
  /** The endpoints that are listened on, with their socket files. */
  readonly #bound = new Map<string, IpcFile | undefined>()
  #connects: readonly string[] = []
  #renewing: Promise<void> | undefined
  #failure: EndpointError | undefined

  /** Create it before the socket binds or connects. */
  constructor(socket: zmq.Socket, { events, lookUp, onPeers, onRefused }: EndpointOptions) {
    this.#socket = socket
    this.#connections = new ZeromqConnections(socket, events, lookUp, {
      onPeers,
      onGivenUp: (endpoint) => onRefused('protocol', endpoint),
      onUnknownHost: (endpoint) => onRefused('unknown-host', endpoint),
    })
    events.on('accept:error', ({ address, error }) => {
      if (NO_ROOM.has(systemErrorCode(error))) onRefused('no-room', address)
    })
  }

  /**
   * Listens at some endpoints and connects to others.
   *
   * @throws {@link EndpointError} when one cannot be parsed, bound or connected to; the socket is closed then.
   */
  async attach(bind: readonly string[], connect: readonly string[]): Promise<void> {
    try {
      for (const endpoint of bind) {
        parseZeromqEndpoint(endpoint)
        const bound = await bindTo(this.#socket, endpoint)
        this.#bound.set(bound.endpoint, bound.file)
      }
      for (const endpoint of connect) {
        parseZeromqEndpoint(endpoint)
        parsePeerEndpoint(endpoint)
        this.#connections.connect(endpoint)
      }
      this.#connects = connect
    } catch (error) {
      this.close()
      this.#socket.close()
      throw error
    }
  }

  /** All endpoints, with the ports and paths that were chosen; those that are listened on come first. */
  get all(): readonly string[] {
    return [...this.#bound.keys(), ...this.#connects]
  }

  /** The number of connected peers. */
  get peers(): number {
    return this.#connections.peers
  }

  /** The reason why an endpoint could not be reopened after every peer was cut off. */
  get failure(): EndpointError | undefined {
    return this.#failure
  }

  /**
   * Cuts off every peer, including those that no longer read; peers that are allowed reconnect in the usual time.
   * Endpoints within the process are left alone: keys mean nothing there.
   */
  async renew(): Promise<void> {
    // An endpoint that has not been reopened yet cannot be removed.
    while (this.#renewing) await this.#renewing
    if (this.#socket.closed) return
    this.#renewing = this.#renewAll().finally(() => (this.#renewing = undefined))
    await this.#renewing
  }

  /** Ends all attempts and removes socket files; call it before the socket closes. */
  close(): void {
    this.#connections.close()
    for (const file of this.#bound.values()) file?.remove()
  }

  async #renewAll(): Promise<void> {
    for (const endpoint of this.#connects) {
      if (!endpoint.startsWith('inproc:')) this.#connections.renew(endpoint)
    }
    const bound = [...this.#bound.keys()].filter((endpoint) => !endpoint.startsWith('inproc:'))
    await Promise.all(bound.map(async (endpoint) => this.#bindAnew(endpoint)))
  }

  /**
   * Everything happens on this thread: zeromq.js runs `unbind` and `bind` in another one while this one may be using
   * the socket, which now and then ends in failed assertions of libzmq (measured). To libzmq, `disconnect` is the same
   * as `unbind`.
   */
  async #bindAnew(endpoint: string): Promise<void> {
    this.#socket.disconnect(endpoint)
    this.#connections.remove(endpoint)
    const deadlineMs = performance.now() + REBIND_WITHIN_MS
    while (!this.#socket.closed) {
      try {
        const { file } = await bindTo(this.#socket, endpoint)
        this.#bound.set(endpoint, file)
        return
      } catch (error) {
        if (performance.now() > deadlineMs) {
          const message = `cannot listen at ${endpoint} again after cutting off its peers: another program has taken it; restart this one`
          this.#failure = new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, message, { cause: error })
          return
        }
        await delay(REBIND_EVERY_MS)
      }
    }
  }
}
