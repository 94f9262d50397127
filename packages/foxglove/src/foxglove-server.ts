import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Log } from '@zcast/shared'
import type { Subscriber } from '@zcast/subscribers'
import type { TopicWatch } from '@zcast/subscribers/topics'
import { WebServer, type WebServerOptions } from '@zcast/web/internal'
import { ChannelList } from './channels/channel-list.ts'
import { type PresentTopic, PresentTopics, servedKind } from './channels/present-topics.ts'
import type { Flow } from './channels/tap.ts'
import { FoxgloveClient } from './clients/foxglove-client.ts'
import { encodeBlock } from './encode-block.ts'
import { encodeLog, type LogEntry } from './log-message.ts'

/** Options of {@link FoxgloveServer}. */
export interface FoxgloveServerOptions extends Omit<
  WebServerOptions,
  'port' | 'path' | 'hostToken' | 'maxClients'
> {
  /** 0 picks a free one; the programs look for it at 8765. */
  readonly port: number
  /** Topics and whole kinds to serve. Default: every one of numbers, video and audio. */
  readonly topics?: readonly string[] | undefined
  /** Subscribes to a topic that a client wants; closed when the last client leaves it. */
  readonly openSubscriber: (topic: PresentTopic) => Promise<Subscriber>
  /** Lines of a log, served as a topic of their own. Default: no such topic. */
  readonly logLines?: ((signal: AbortSignal) => AsyncIterable<LogEntry>) | undefined
}

/** What a server has done. */
export interface FoxgloveCounts {
  readonly clients: number
  readonly sent: number
  readonly leftOut: number
}

/** The subprotocols, which differ in their names. */
export const SUBPROTOCOLS: readonly string[] = ['foxglove.sdk.v1', 'foxglove.websocket.v1']

/** Room to subscribe to every channel at once. */
const MAX_REQUEST_BYTES = 64 * 1024
/** Each may hold what waits for it. */
const MAX_CLIENTS = 64
/** What is gone shows by nothing but the time. */
const LOOK_EVERY_MS = 1000
/** So long one topic may keep the others, and what clients say, waiting. */
const TURN_MS = 5

/**
 * Serves live topics over Foxglove's WebSocket protocol. What there is, is known from a {@link TopicWatch}, for which
 * nobody encodes anything; a topic is subscribed to only while a client wants it.
 */
export class FoxgloveServer {
  readonly #web: WebServer
  readonly #clients = new Set<FoxgloveClient>()
  readonly #channels: ChannelList
  readonly #sessionId = randomUUID()
  readonly #options: FoxgloveServerOptions
  readonly #gone = { clients: 0, sent: 0, leftOut: 0 }
  readonly #foreign = new Set<string>()
  #log: Log | undefined
  #stopLooking = (): void => undefined

  /** @throws {@link OptionError} when an option is out of range, or it would be open to the network by mistake. */
  constructor(options: FoxgloveServerOptions) {
    this.#options = options
    const { topics: _, openSubscriber: __, logLines, ...web } = options
    this.#web = new WebServer({ ...web, maxClients: MAX_CLIENTS })
    this.#channels = new ChannelList(
      (topic) => this.#flowOf(topic),
      () => this.#log,
    )
    if (logLines)
      this.#channels.addLog(async (signal, emit) => {
        for await (const line of logLines(signal)) emit(encodeLog(line))
      })
    this.#web.channel('/', (channel) => this.#serve(channel), {
      maxMessageBytes: MAX_REQUEST_BYTES,
      subprotocols: SUBPROTOCOLS,
    })
  }

  /** `ws://HOST:PORT`, which people give to their program. */
  get address(): string {
    return this.#web.address.replace(/^http/, 'ws')
  }

  /** Figures since the start. */
  get counts(): FoxgloveCounts {
    let { clients, sent, leftOut } = this.#gone
    for (const client of this.#clients) {
      clients += 1
      sent += client.sent
      leftOut += client.leftOut
    }
    return { clients, sent, leftOut }
  }

  /**
   * Starts to serve.
   *
   * @param watch - Knows what topics there are; stays the caller's, who closes it after this.
   * @param log - Receives reports of what fails. Default: no reports.
   * @throws {@link EndpointError} when the address is taken, or cannot be bound.
   */
  async listen(watch: TopicWatch, log?: Log): Promise<void> {
    this.#log = log
    await this.#web.listen(log)
    const present = new PresentTopics(watch, this.#options.topics ?? [])
    const look = (): void => this.#update(watch, present)
    const stop = watch.on('change', look)
    const timer = setInterval(look, LOOK_EVERY_MS)
    this.#stopLooking = () => {
      stop()
      clearInterval(timer)
    }
    look()
  }

  /** Ends every connection and subscription, and frees the port. May be called twice, and before `listen`. */
  async close(): Promise<void> {
    this.#stopLooking()
    await this.#web.close()
    await this.#channels.close()
  }

  #serve(channel: ConstructorParameters<typeof FoxgloveClient>[0]): void {
    const client = new FoxgloveClient(channel, {
      sessionId: this.#sessionId,
      channels: () => this.#channels.channels,
      onSlow: () =>
        this.#log?.warning(
          'a client takes less than it has subscribed to: the oldest messages are left out',
          undefined,
          'slow client',
        ),
    })
    this.#clients.add(client)
    channel.onClose(() => {
      this.#clients.delete(client)
      this.#gone.clients += 1
      this.#gone.sent += client.sent
      this.#gone.leftOut += client.leftOut
    })
  }

  #update(watch: TopicWatch, present: PresentTopics): void {
    const change = this.#channels.update(present.list(performance.now()))
    if (change) for (const client of this.#clients) client.changed(change)
    this.#tellForeign(watch)
  }

  /** Other programs' formats are recognized, and read only when they are asked for. */
  #tellForeign({ topics }: TopicWatch): void {
    for (const account of topics) {
      const { endpoint, topic, look, offer } = account
      if (offer || !look || servedKind(account) || look.format === 'zcast' || this.#foreign.has(endpoint))
        continue
      this.#foreign.add(endpoint)
      this.#log?.warning(
        `"${topic}" from ${endpoint} is in another format (${look.format}), and is not served: name the format of its publisher with --format`,
        undefined,
        `format ${endpoint}`,
      )
    }
  }

  #flowOf(topic: PresentTopic): Flow {
    return async (signal, emit) => {
      const subscriber = await this.#options.openSubscriber(topic)
      const close = (): void => void subscriber.close()
      signal.addEventListener('abort', close)
      try {
        if (signal.aborted) return
        let workingSinceMs = performance.now()
        for await (const envelope of subscriber)
          for (const message of encodeBlock(envelope)) {
            emit(message)
            if (performance.now() - workingSinceMs < TURN_MS) continue
            await setImmediate()
            workingSinceMs = performance.now()
          }
      } finally {
        signal.removeEventListener('abort', close)
        await subscriber.close()
      }
    }
  }
}
