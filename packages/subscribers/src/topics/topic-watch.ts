import { type Message, OptionError, type SocketOptions, type Transport, ZmtpTransport } from '@zcast/shared'
import { isLoopback, Listeners, parseEndpoint } from '@zcast/shared/internal'
import { AnyReader } from './any-reader.ts'
import { BusyWatch } from './busy-watch.ts'
import type { ClockOffset } from './clock-offset.ts'
import type { Sighting, SightReader } from './sighting.ts'
import type { TopicAccount } from './topic-account.ts'
import { type EndpointMake, TopicScout } from './topic-scout.ts'

/** Options of {@link TopicWatch.open}. */
export interface TopicWatchOptions extends Omit<SocketOptions, 'bind' | 'connect' | 'highWaterMark'> {
  /** Endpoints of publishers, each looked at by itself; at least one, or one to listen on. */
  readonly connect: readonly string[]
  /** Endpoints to listen on, for publishers that connect. Default: none. */
  readonly bind?: readonly string[] | undefined
  /** Topics to look at, or how they begin. Default: every one. */
  readonly topics?: readonly string[] | undefined
  /**
   * True to receive the topics and measure them; of zcast's publishers those that are no renditions, unless they are
   * named. Default false: publishers are asked, and only one that does not answer is looked at, once.
   */
  readonly receives?: boolean | undefined
  /** How long a publisher that does not answer is looked at, in milliseconds. Default 3000. */
  readonly lookMs?: number | undefined
  /** The time that figures are of, in milliseconds, 1,000 to 600,000. Default 10,000. */
  readonly windowMs?: number | undefined
  /** How often zcast's publishers are asked what they have, in milliseconds. Default 1000. */
  readonly askEveryMs?: number | undefined
  /** Reads messages. Default: tells formats apart itself; for a known one, `new CodecReader(codec, name)`. */
  readonly reader?: (() => SightReader) | undefined
  /** Default: `ZmtpTransport`, without keys. */
  readonly transport?: Transport | undefined
  /** Called with each message that was counted, before the next one is. Default: nobody is. */
  readonly onMessage?: ((message: Message, sighting: Sighting, account: TopicAccount) => void) | undefined
}

/** What is known of an endpoint. */
export interface WatchedEndpoint {
  readonly endpoint: string
  /** True where publishers connect to it. */
  readonly listens: boolean
  /** `connecting` while there is nobody, `denied` while keys do not fit. */
  readonly state: 'connecting' | 'connected' | 'denied'
  /** True once there was somebody. */
  readonly wasConnected: boolean
  /** Whose publisher it is: `asking` until that is known. */
  readonly make: EndpointMake
  /** The versions of zcast that its publishers are of, as far as they tell. */
  readonly versions: readonly string[]
  /** Messages of more topics than are told apart. */
  readonly others: number
  /** Messages that break the format of the reader. */
  readonly unread: number
}

/** The events of a {@link TopicWatch}. */
export interface TopicWatchEvents {
  /** A topic or an endpoint is new, or more is known of it. */
  readonly change: undefined
}

const EVENTS = ['change'] as const

const DEFAULT_LOOK_MS = 3000
const DEFAULT_WINDOW_MS = 10_000
const DEFAULT_ASK_EVERY_MS = 1000
const WINDOW_MS = { least: 1000, most: 600_000 }

/**
 * Finds out what topics there are, and measures them: of zcast's publishers and of any other ZeroMQ publisher. It counts
 * on the envelope, and decodes nothing.
 *
 * @example
 * ```ts
 * import { TopicWatch } from '@zcast/subscribers/topics'
 *
 * const watch = await TopicWatch.open({ connect: ['tcp://127.0.0.1:5556'], lookMs: 500 })
 * await watch.looked()
 * for (const { topic, offer, look } of watch.topics) console.log(topic, offer?.kind ?? look?.description)
 * await watch.close()
 * ```
 */
export class TopicWatch {
  readonly #scouts: readonly TopicScout[]
  readonly #listeners: Listeners<TopicWatchEvents>
  readonly #lookMs: number
  readonly #startedMs = performance.now()
  readonly #busy = new BusyWatch()

  /**
   * Opens a socket for each endpoint, and asks.
   *
   * @throws {@link OptionError} `ERR_ENDPOINT` when there is no endpoint, `ERR_OPTION` when the window is out of range.
   * @throws {@link EndpointError} when an endpoint cannot be parsed.
   */
  static async open(options: TopicWatchOptions): Promise<TopicWatch> {
    const { connect, bind = [], windowMs = DEFAULT_WINDOW_MS } = options
    if (connect.length === 0 && bind.length === 0)
      throw new OptionError('name an endpoint to look at, such as tcp://127.0.0.1:5556', {
        code: 'ERR_ENDPOINT',
      })
    if (!(windowMs >= WINDOW_MS.least && windowMs <= WINDOW_MS.most))
      throw new OptionError(`the window must be 1s to 10m, got ${windowMs / 1000}s`)
    const listeners = new Listeners<TopicWatchEvents>(EVENTS)
    const scouts: TopicScout[] = []
    try {
      for (const endpoint of new Set(bind)) scouts.push(await openScout(endpoint, true, options, listeners))
      for (const endpoint of new Set(connect))
        scouts.push(await openScout(endpoint, false, options, listeners))
    } catch (error) {
      await Promise.all(scouts.map((scout) => scout.close()))
      throw error
    }
    return new TopicWatch(scouts, listeners, options.lookMs ?? DEFAULT_LOOK_MS)
  }

  private constructor(scouts: readonly TopicScout[], listeners: Listeners<TopicWatchEvents>, lookMs: number) {
    this.#scouts = scouts
    this.#listeners = listeners
    this.#lookMs = lookMs
  }

  /** Every topic that is known, by endpoint and name. */
  get topics(): readonly TopicAccount[] {
    return this.#scouts.flatMap(({ book }) =>
      [...book.accounts.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1)),
    )
  }

  /** Every endpoint. */
  get endpoints(): readonly WatchedEndpoint[] {
    return this.#scouts.map(({ endpoint, listens, state, wasConnected, make, versions, book }) => ({
      endpoint,
      listens,
      state,
      wasConnected,
      make,
      versions,
      others: book.others,
      unread: book.unread,
    }))
  }

  /** True while more comes than can be read here: rates are then those of the reading. */
  get isBehind(): boolean {
    return this.#busy.isBehind
  }

  /** Seconds in which more came than could be read here. */
  get behindSeconds(): number {
    return this.#busy.behindSeconds
  }

  /** The longest time for which nothing could be read here, because the process was held up, in milliseconds. */
  get longestStallMs(): number {
    return this.#busy.longestStallMs
  }

  /**
   * How far the clock of a topic's publisher is from the one here; `undefined` where it does not tell, as other programs'
   * publishers do not.
   */
  clockOf(account: TopicAccount): ClockOffset | undefined {
    return this.#scouts.find(({ endpoint }) => endpoint === account.endpoint)?.clockOf(account)
  }

  /** Calls `listener` with each event. @returns A function that removes it. */
  on(event: 'change', listener: () => void): () => void {
    return this.#listeners.on(event, listener)
  }

  /**
   * Waits until what there is, is known: every publisher has answered, or was looked at for `lookMs`. An endpoint where
   * nobody is is waited for as long, or 1 s where it is on this machine.
   */
  async looked(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const isDone = (): boolean => {
      const elapsedMs = performance.now() - this.#startedMs
      return this.#scouts.every(({ endpoint, listens, isKnown, wasConnected }) => {
        const isNear = !listens && isLoopback(parseEndpoint(endpoint))
        return isKnown || (!wasConnected && elapsedMs >= (isNear ? NEAR_MS : this.#lookMs))
      })
    }
    while (!isDone() && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS))
  }

  /** Lets go of everything. May be called twice. */
  async close(): Promise<void> {
    this.#busy.close()
    await Promise.all(this.#scouts.map((scout) => scout.close()))
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Whoever listens on this machine is connected to within this time. */
const NEAR_MS = 1000
const CHECK_EVERY_MS = 50

async function openScout(
  endpoint: string,
  listens: boolean,
  options: TopicWatchOptions,
  listeners: Listeners<TopicWatchEvents>,
): Promise<TopicScout> {
  const { heartbeatMs, maxMessageBytes, reader = () => new AnyReader() } = options
  const transport = options.transport ?? new ZmtpTransport()
  const ends = listens ? { bind: [endpoint] } : { connect: [endpoint] }
  const socket = await transport.openSubscribe({ ...ends, heartbeatMs, maxMessageBytes })
  return new TopicScout(socket, {
    // With the port that was chosen, where that is left open.
    endpoint: socket.endpoints[0] ?? endpoint,
    listens,
    reader: reader(),
    topics: options.topics ?? [],
    receives: options.receives ?? false,
    lookMs: options.lookMs ?? DEFAULT_LOOK_MS,
    windowMs: options.windowMs ?? DEFAULT_WINDOW_MS,
    askEveryMs: options.askEveryMs ?? DEFAULT_ASK_EVERY_MS,
    onMessage: options.onMessage,
    onChange: () => listeners.tell('change', undefined),
  })
}
