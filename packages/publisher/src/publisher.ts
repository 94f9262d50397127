import {
  ClosedError,
  Demand,
  formatTopic,
  MsgpackCodec,
  ZeromqTransport,
  type Codec,
  type Log,
  type PublishSocket,
  type SocketOptions,
  type Transport,
} from '@zcast/shared'
import { Audience } from './audience.ts'
import { checkBatchOptions, type BatchOptions } from './batcher.ts'
import { Lanes } from './lanes/lanes.ts'
import { peerQueueFor } from './peer-queue.ts'
import { FOR_FULL_QUEUES, FOR_HOLDS, Patience } from './patience.ts'
import { Sender } from './sender.ts'
import { StreamRun } from './stream-run.ts'
import type { StreamCounts } from './stream-counts.ts'
import type { Source } from './sources/source.ts'

/** Options of {@link Publisher.open}. */
export interface PublisherOptions extends Omit<SocketOptions, 'highWaterMark' | 'sendBufferBytes'> {
  /** The size of a message to expect, in bytes: the source's `expectedBytes`. Sizes the queues. */
  readonly expectedBytes: number
  /**
   * How many topics carry pictures, renditions included. So few wait for a slow subscriber then that they do not grow old.
   * Default 0: it sends numbers.
   */
  readonly pictureTopics?: number | undefined
  /**
   * `all` loses nothing: it waits for the slowest subscriber, which holds up the others. One that takes nothing is cut off
   * after twice the heartbeat (TCP); one that takes less than 100 messages and 128 KiB a second is not waited for after 30 s.
   * Default: a subscriber whose queue is full misses what does not fit.
   */
  readonly delivery?: 'all' | undefined
  /** How arrays of numbers that come fast share messages; `false` sends one message an array. Default: those that are there at the same time, 16 KiB. */
  readonly batch?: BatchOptions | false | undefined
  /** Where values that cannot be sent are reported. Default: nowhere. */
  readonly log?: Log
  /** Default ZeroMQ. */
  readonly transport?: Transport
  /** Default the wire format, version 1. */
  readonly codec?: Codec
}

/** Options of {@link Publisher.run}. */
export interface PublishRunOptions {
  /** The name of the stream: 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly stream: string
  /** Ends the run; the source is freed before it returns. */
  readonly signal?: AbortSignal | undefined
  /** Ends the run after so many values. Default: never. */
  readonly maxValues?: number | undefined
  /** Tell the source that all its outputs are wanted, whoever watches. Default false. */
  readonly always?: boolean | undefined
  /** Begin once so many subscribers of the stream are there. Default 0. */
  readonly waitFor?: number | undefined
}

/** What a running source is told to make, and the topics of its outputs. */
interface StreamDemand {
  readonly demand: Demand
  readonly topics: ReadonlyMap<string, string>
  readonly always: boolean
}

/** The stream as it is, and its renditions. */
function outputsOf(source: Source): readonly string[] {
  return ['', ...(source.renditions ?? [])]
}

/** How long subscribers may take for what is queued for them, at an end that nobody hurries. */
const PATIENT_LINGER_MS = 5000

/** The first to watch a video gets its next picture: its source goes on at once, and may have a newer one. */
const FIRST_VIEWER_GRACE_MS = 500

/** A source that always has something to send is interrupted this often, so that the event loop turns. */
const LONGEST_RUN_MS = 10

const HOLD_FORGOTTEN =
  'a subscriber asked this publisher to wait and has said nothing since: it is not waited for any more'

const HELD_TOO_LONG =
  'a subscriber asks this publisher to wait, and has held up the others for 5 s: some messages are sent all the same (1000 or 128 KiB a second)'

/** Sends what sources yield, numbered, to every subscriber. */
export class Publisher {
  readonly #socket: PublishSocket
  readonly #sender: Sender
  readonly #audience: Audience
  /** For those whose network is slow; nobody's, where nothing may be lost. */
  readonly #lanes: Lanes | undefined
  /** For those that ask to be waited for, where nothing may be lost. */
  readonly #patience: Patience | undefined
  readonly #log: Log | undefined
  readonly #batch: BatchOptions | false
  readonly #demands = new Set<StreamDemand>()
  readonly #closing = new AbortController()
  #closed = false
  readonly #counts = new Map<string, StreamCounts>()
  readonly #running = new Map<string, Source>()

  /**
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound; {@link OptionError} `ERR_OPTION` when
   *   batching is out of range.
   */
  static async open(options: PublisherOptions): Promise<Publisher> {
    if (options.batch) checkBatchOptions(options.batch)
    const socket = await (options.transport ?? new ZeromqTransport()).openPublish({
      bind: options.bind ?? [],
      connect: options.connect ?? [],
      heartbeatMs: options.heartbeatMs,
      maxMessageBytes: options.maxMessageBytes,
      // Who may lose nothing has no use for few: what does not fit is waited for.
      ...peerQueueFor(options.expectedBytes, options.delivery === 'all' ? 0 : options.pictureTopics),
    })
    return new Publisher(socket, options)
  }

  private constructor(socket: PublishSocket, options: PublisherOptions) {
    this.#socket = socket
    this.#batch = options.batch ?? {}
    const isLossless = options.delivery === 'all'
    this.#patience = isLossless ? new Patience(FOR_HOLDS) : undefined
    this.#log = options.log
    const codec = options.codec ?? new MsgpackCodec()
    const refreshAll = (): void => {
      for (const demand of this.#demands) this.#refresh(demand)
    }
    this.#lanes = isLossless
      ? undefined
      : new Lanes({
          socket,
          codec,
          epochOf: (topic) => this.#epochOf(topic),
          onChange: refreshAll,
        })
    this.#sender = new Sender(socket, {
      codec,
      log: options.log,
      lanes: this.#lanes,
      patience: isLossless ? new Patience(FOR_FULL_QUEUES) : undefined,
      onSent: (bytes) => this.#patience?.earn(bytes),
    })
    this.#audience = new Audience(socket, {
      onJoin: (prefix) => this.#sender.serve(prefix, (topic) => this.#graceMs(topic)),
      onChange: refreshAll,
      onHoldForgotten: () => {
        if (this.#patience) this.#log?.warning(HOLD_FORGOTTEN)
      },
    })
  }

  /** Where it listens or connects to, with the port that was chosen where `*` was asked for. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** Values sent since it opened. */
  get sent(): number {
    return this.#total('sent')
  }

  /** Values that were not sent: left out by a source for newer ones, or because they do not fit a message. */
  get dropped(): number {
    return this.#total('dropped')
  }

  /** The names of the streams that were run since it opened. */
  get streams(): readonly string[] {
    return [...this.#counts.keys()]
  }

  /** The counts of one stream's topics together; zeros for one that was never run. */
  counts(stream: string): Readonly<StreamCounts> {
    const { sent, dropped } = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    return { sent, dropped: dropped + (this.#running.get(stream)?.dropped ?? 0) }
  }

  /**
   * Sends a source's blocks until it ends, the signal, or the given number of values. A value that does not fit a
   * message is dropped, counted and logged, and takes no sequence number. Several sources may run side by side.
   * Closing the publisher ends it as well.
   *
   * @throws {@link OptionError} `ERR_TOPIC` when the stream's name breaks the rules.
   * @throws {@link SourceError} when the source dies; {@link ClosedError} when it is closed already.
   */
  async run(source: Source, options: PublishRunOptions): Promise<void> {
    if (this.#closed) throw new ClosedError('the publisher')
    const { stream, maxValues = Number.POSITIVE_INFINITY, always = false, waitFor = 0 } = options
    const signal = options.signal ?? new AbortController().signal
    const topics = new Map(
      outputsOf(source).map((output) => [output, formatTopic(source.kind, stream, output || undefined)]),
    )
    const watched: StreamDemand = { demand: new Demand(always ? topics.keys() : []), topics, always }
    const counts = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    this.#counts.set(stream, counts)
    this.#running.set(stream, source)
    this.#demands.add(watched)
    this.#refresh(watched)
    const batch = source.kind === 'numbers' && this.#batch
    const run = new StreamRun(this.#sender, { topics, counts, maxValues, batch, signal })
    try {
      const ended = AbortSignal.any([signal, this.#closing.signal])
      if (waitFor > 0) await this.#audience.untilThere([...topics.values()], waitFor, ended)
      if (ended.aborted) return
      let turnedAtMs = performance.now()
      for await (const block of source.blocks({
        signal,
        demand: watched.demand,
        blockBytes: run.blockBytes,
      })) {
        const taking = run.take(block)
        if (taking) await taking
        if (this.#patience && this.#audience.isHeld) await this.#standStill(this.#patience, ended)
        if (run.isComplete || signal.aborted || this.#closed) break
        if (performance.now() - turnedAtMs > LONGEST_RUN_MS) {
          await new Promise(setImmediate)
          turnedAtMs = performance.now()
        }
      }
    } finally {
      this.#demands.delete(watched)
      this.#running.delete(stream)
      counts.dropped += source.dropped ?? 0
      // What a source yielded before it failed is sent as well.
      await run.end()
    }
  }

  /**
   * Sends what is queued and frees the socket. May be called twice.
   *
   * @param patient - Give subscribers 5 s to take the rest, rather than 0.4 s. Default true.
   */
  async close(patient = true): Promise<void> {
    this.#closed = true
    this.#sender.close()
    this.#lanes?.close()
    this.#closing.abort()
    this.#audience.close()
    await this.#socket.close(patient ? PATIENT_LINGER_MS : undefined)
  }

  /** Closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #standStill(patience: Patience, ended: AbortSignal): Promise<void> {
    const startedMs = performance.now()
    await this.#audience.untilReleased(ended, patience.leftMs)
    if (patience.spend(performance.now() - startedMs)) this.#log?.warning(HELD_TOO_LONG)
  }

  #refresh({ demand, topics, always }: StreamDemand): void {
    for (const [output, topic] of topics) demand.set(output, always || this.#wants(topic))
  }

  /** A rendition that nobody has asked for yet has the epoch of its stream. */
  #epochOf(topic: string): number | undefined {
    for (const { topics } of this.#demands) {
      const all = [...topics.values()]
      if (!all.includes(topic)) continue
      for (const one of [topic, ...all]) {
        const epoch = this.#sender.epochOf(one)
        if (epoch !== undefined) return epoch
      }
    }
    return undefined
  }

  #graceMs(topic: string): number {
    return topic.startsWith('video') && !this.#wants(topic) ? FIRST_VIEWER_GRACE_MS : 0
  }

  #wants(topic: string): boolean {
    return this.#audience.wants(topic) || (this.#lanes?.wants(topic) ?? false)
  }

  #total(count: keyof StreamCounts): number {
    return [...this.#counts.keys()].reduce((sum, stream) => sum + this.counts(stream)[count], 0)
  }
}
