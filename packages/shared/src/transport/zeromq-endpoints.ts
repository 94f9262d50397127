import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import { parseEndpoint, parsePeerEndpoint } from '../endpoint.ts'
import { EndpointError, systemErrorCode } from '../errors.ts'
import type { RefusalReason } from '../security/refusal.ts'
import type { LookUp } from './host-dialer.ts'
import type { IpcFile } from './ipc-file.ts'
import { bindTo } from './zeromq-attach.ts'
import { ZeromqConnections } from './zeromq-connections.ts'
import type { ZeromqEvents } from './zeromq-events.ts'

/** How long an address that was given up may be taken by somebody else; some milliseconds are usual. */
const REBIND_WITHIN_MS = 10_000

const REBIND_EVERY_MS = 2

/** Errors of `accept` that say that there is no room, and not that the connection was bad. */
const NO_ROOM: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** What the endpoints of a socket are watched over with. */
export interface EndpointOptions {
  readonly events: ZeromqEvents
  readonly lookUp: LookUp
  /** Called after each change of the number of peers. */
  readonly onPeers: () => void
  /** Called with each connection that broke the protocol, could not be accepted, or whose host was not found. */
  readonly onRefused: (reason: RefusalReason, endpoint: string) => void
}

/** The endpoints of a socket: listens at some, connects to others, and cuts off all of them. */
export class ZeromqEndpoints {
  readonly #socket: zmq.Socket
  readonly #connections: ZeromqConnections
  /** Those that are listened on, with the files of their sockets. */
  readonly #bound = new Map<string, IpcFile | undefined>()
  #connects: readonly string[] = []
  #renewing: Promise<void> | undefined
  #failure: EndpointError | undefined

  /** To be made before the socket binds or connects. */
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
        parseEndpoint(endpoint)
        const bound = await bindTo(this.#socket, endpoint)
        this.#bound.set(bound.endpoint, bound.file)
      }
      for (const endpoint of connect) {
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

  /** All of them, with the ports and paths that were chosen; those that are listened on first. */
  get all(): readonly string[] {
    return [...this.#bound.keys(), ...this.#connects]
  }

  /** Peers that are there now. */
  get peers(): number {
    return this.#connections.peers
  }

  /** Why an endpoint could not be opened again after everybody was cut off. */
  get failure(): EndpointError | undefined {
    return this.#failure
  }

  /**
   * Cuts off every peer, also those that do not read any more; who may come back does so in the usual time. Endpoints
   * within the process stay as they are: keys mean nothing there.
   */
  async renew(): Promise<void> {
    // An endpoint that is not open again yet cannot be taken away.
    while (this.#renewing) await this.#renewing
    if (this.#socket.closed) return
    this.#renewing = this.#renewAll().finally(() => (this.#renewing = undefined))
    await this.#renewing
  }

  /** Ends all attempts and removes the files of sockets; before the socket closes. */
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
   * Everything happens on this thread: `unbind` and `bind` of zeromq.js work in another one while this one may look at
   * the socket, which ends in failed assertions of libzmq now and then (measured). For libzmq, `disconnect` is the same
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
          const message = `cannot listen at ${endpoint} again after everybody was cut off there: another program has taken it; start this one anew`
          this.#failure = new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, message, { cause: error })
          return
        }
        await delay(REBIND_EVERY_MS)
      }
    }
  }
}
