import type { NatsOptions } from '@zcast/shared'
import {
  DEFAULT_HEARTBEAT_MS,
  hideSecrets,
  type NatsServer,
  parseEndpoint,
  pause,
  RefusalReports,
} from '@zcast/shared/internal'
import type { Refusal } from '@zcast/shared'
import { describeLinkFailure, type LinkFailure } from './describe-failure.ts'
import { dial } from './dial.ts'
import type { NatsConnection } from './nats-library.ts'
import { Pulse } from './pulse.ts'

/** The wait before another attempt: the first one, and the longest. */
const RETRY_MS = { first: 50, most: 1000 }

/** A connection that has lasted so long was a good one: the next attempt is made at once. */
const ALIVE_MS = 1000

/** A server that ends a connection on which messages have waited for so long has cut it off. */
const CUT_OFF_MS = 2000

/** How often it is looked for a connection that is waited for. */
const LOOK_MS = 5

/** Servers of a cluster that are remembered beside those that were named. */
const MAX_OTHERS = 16

/** Options of a {@link NatsLink}. */
export interface NatsLinkOptions {
  readonly endpoints: readonly string[]
  readonly nats: NatsOptions
  readonly side: Refusal['side']
  readonly heartbeatMs?: number | undefined
  readonly onRefused: (refusal: Refusal) => void
  /** Called with each new connection, before anything comes on it. */
  readonly onUp: (connection: NatsConnection) => void
  readonly onDown: () => void
  /** Called when there is no connection because this end is not let in. */
  readonly onDenied?: () => void
  /** Called with how long messages of the server for this end wait, in milliseconds. */
  readonly onDelay?: (ms: number) => void
}

/** A connection to one of some servers, which is made anew, without limit, until it is closed. */
export class NatsLink {
  /** The endpoints as they may be shown. */
  readonly endpoints: readonly string[]
  readonly #options: NatsLinkOptions
  readonly #servers: readonly NatsServer[]
  readonly #reports: RefusalReports
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #others: readonly string[] = []
  #connection: NatsConnection | undefined
  /** The connection that this end has ended itself. */
  #renewed: NatsConnection | undefined

  /** @throws {@link EndpointError} `ERR_ENDPOINT` when an endpoint cannot be parsed. */
  constructor(options: NatsLinkOptions) {
    this.#options = options
    this.endpoints = options.endpoints.map((endpoint) => hideSecrets(endpoint))
    this.#servers = options.endpoints.flatMap((endpoint) => {
      const parsed = parseEndpoint(endpoint)
      return parsed.transport === 'nats' ? parsed.servers : []
    })
    this.#reports = new RefusalReports(options.onRefused)
    this.#running = this.#run()
  }

  /** The connection, while there is one. */
  get connection(): NatsConnection | undefined {
    return this.#connection
  }

  /** Waits for a connection, at most so long. */
  async untilConnected(limitMs: number): Promise<void> {
    const deadlineMs = performance.now() + limitMs
    while (!this.#connection && performance.now() < deadlineMs) await pause(LOOK_MS, this.#closing.signal)
  }

  /** Ends the connection, with all that waits for this end; another is made at once. */
  renew(): void {
    this.#renewed = this.#connection
    void this.#connection?.close()
  }

  /** Reports what went wrong on a connection. */
  report({ reason, detail }: LinkFailure): void {
    this.#reports.add({ side: this.#options.side, reason, endpoint: this.endpoints.join(', '), detail })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connection?.close()
    await this.#running
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  async #run(): Promise<void> {
    let waitMs = 0
    while (!this.#isClosed) {
      try {
        const connection = await dial(this.#servers, this.#others, this.#options.nats, this.#closing.signal)
        this.#reports.forget()
        const beganMs = performance.now()
        await this.#use(connection)
        // A server that lets in and cuts off at once is not tried without a pause.
        if (performance.now() - beganMs > ALIVE_MS) waitMs = 0
      } catch (error) {
        const failure = describeLinkFailure(error)
        if (!this.#isClosed) this.report(failure)
        if (failure.reason !== 'no-server') this.#options.onDenied?.()
      }
      await pause(waitMs, this.#closing.signal)
      waitMs = Math.min(Math.max(waitMs * 2, RETRY_MS.first), RETRY_MS.most)
    }
  }

  /** @returns When the connection has ended. */
  async #use(connection: NatsConnection): Promise<void> {
    if (this.#isClosed) return connection.close()
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, onUp, onDown, onDelay = () => undefined } = this.#options
    this.#others = (connection.info?.connect_urls ?? []).slice(0, MAX_OTHERS)
    this.#connection = connection
    const pulse = new Pulse(connection, heartbeatMs, { onDelay, onSilence: () => this.renew() })
    void this.#listen(connection)
    onUp(connection)
    const error = await connection.closed()
    pulse.close()
    this.#connection = undefined
    // A server that cuts off cannot say so: what it says would wait behind all the rest.
    if (pulse.behindMs > CUT_OFF_MS && this.#renewed !== connection && !this.#isClosed)
      this.report({ reason: 'too-slow', detail: undefined })
    else if (error && !this.#isClosed) {
      const failure = describeLinkFailure(error)
      if (failure.reason !== 'no-server') this.report(failure)
    }
    onDown()
  }

  async #listen(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'error') {
        const failure = describeLinkFailure(status.error)
        // Not every user may ask JetStream, and it is asked although nobody told to.
        const isOfMemory = failure.detail?.includes('$JS.') ?? false
        if (failure.reason !== 'no-server' && !isOfMemory) this.report(failure)
      }
      if (status.type === 'update') this.#others = (connection.info?.connect_urls ?? []).slice(0, MAX_OTHERS)
      // The server is about to stop.
      if (status.type === 'ldm') this.renew()
    }
  }
}
