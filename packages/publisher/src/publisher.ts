import { randomBytes } from 'node:crypto'
import {
  ClosedError,
  Demand,
  errorMessage,
  formatTopic,
  MsgpackCodec,
  sliceRows,
  systemErrorCode,
  valueCount,
  ZeromqTransport,
  type Block,
  type Codec,
  type Envelope,
  type Log,
  type Message,
  type NumbersBlock,
  type PublishSocket,
  type SocketOptions,
  type Transport,
} from '@zcast/shared'
import { Batcher, checkBatchOptions, type BatchOptions } from './batcher.ts'
import { highWaterMarkFor } from './high-water-mark.ts'
import type { Source } from './sources/source.ts'
import { SubscriptionTable } from './subscription-table.ts'

/** Options of {@link Publisher.open}. */
export interface PublisherOptions extends Omit<SocketOptions, 'highWaterMark'> {
  /** The size of a message to expect, in bytes: the source's `expectedBytes`. Sizes the queues. */
  readonly expectedBytes: number
  /** Lose nothing: wait for the slowest subscriber instead of dropping its messages. Default false. */
  readonly lossless?: boolean
  /** How arrays of numbers that come fast share messages; `false` sends one message an array. Default: 1 ms, 16 KiB. */
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

/** What was done with the values of one stream since the publisher opened. */
export interface StreamCounts {
  /** Values sent. */
  sent: number
  /** Values that were not sent, because newer ones came first or because they do not fit a message. */
  dropped: number
}

const LOSSLESS_LINGER_MS = 5000

/** What a source may draw at once where each array is a message. */
const SINGLES_BLOCK_BYTES = 4096

/**
 * Arrays that are messages of their own are encoded so many at a time, and then sent one right after the other: while it
 * sends, ZeroMQ's thread need not be woken for each. 300,000 messages a second rather than 134,000 (measured).
 */
const SINGLES_AT_ONCE = 128

/** A source that always has something to send is interrupted this often, so that the event loop turns. */
const LONGEST_RUN_MS = 10

/** Sends what sources yield, numbered, to every subscriber. */
export class Publisher {
  readonly #socket: PublishSocket
  readonly #codec: Codec
  readonly #log: Log | undefined
  readonly #lossless: boolean
  readonly #batch: BatchOptions | false
  readonly #subscriptions = new SubscriptionTable()
  readonly #demands = new Set<StreamDemand>()
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
      highWaterMark: highWaterMarkFor(options.expectedBytes),
      noDrop: options.lossless ?? false,
    })
    return new Publisher(socket, options)
  }

  private constructor(socket: PublishSocket, options: PublisherOptions) {
    this.#socket = socket
    this.#codec = options.codec ?? new MsgpackCodec()
    this.#log = options.log
    this.#lossless = options.lossless ?? false
    this.#batch = options.batch ?? {}
    socket.onSubscription((prefix, subscribed) => {
      this.#subscriptions.record(prefix, subscribed)
      for (const demand of this.#demands) this.#refresh(demand)
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
    const { stream, maxValues = Number.POSITIVE_INFINITY, always = false } = options
    const signal = options.signal ?? new AbortController().signal
    const topics = new Map(
      outputsOf(source).map((output) => [output, formatTopic(source.kind, stream, output || undefined)]),
    )
    const epoch = randomBytes(4).readUInt32LE()
    const next = new Map<string, number>()
    const watched: StreamDemand = { demand: new Demand(always ? topics.keys() : []), topics, always }
    const counts = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    this.#counts.set(stream, counts)
    this.#running.set(stream, source)
    this.#demands.add(watched)
    this.#refresh(watched)
    // Values of the stream as it is that were sent, or wait to be.
    let taken = 0
    const send = async (block: Block, output = ''): Promise<void> => {
      const seq = next.get(output) ?? 0
      const topic = topics.get(output) as string
      if (await this.#send({ topic, epoch, block: { ...block, seq } }, counts, signal)) {
        next.set(output, seq + valueCount(block))
      } else if (output === '') taken -= valueCount(block)
    }
    const sendRows = async (block: NumbersBlock): Promise<void> => {
      const topic = topics.get('') as string
      for (let first = 0; first < block.rows; first += SINGLES_AT_ONCE) {
        const seq = next.get('') ?? 0
        const rows = Math.min(SINGLES_AT_ONCE, block.rows - first)
        const messages: Message[] = []
        for (let row = first; row < first + rows; row++) {
          const single = singleRow(block, row, seq + messages.length)
          const message = this.#encode({ topic, epoch, block: single }, counts)
          if (message) messages.push(message)
        }
        const sent = await this.#handAll(messages, signal)
        next.set('', seq + sent)
        counts.sent += sent
        taken -= rows - sent
        if (sent < messages.length) return
      }
    }
    const batcher = this.#batch && source.kind === 'numbers' ? new Batcher(this.#batch, send) : undefined
    const blockBytes = batcher?.maxBytes ?? SINGLES_BLOCK_BYTES
    try {
      let turnedAtMs = performance.now()
      for await (const yielded of source.blocks({ signal, demand: watched.demand, blockBytes })) {
        const output = (yielded.kind === 'video' && yielded.rendition) || ''
        const block = output === '' ? cutTo(yielded, maxValues - taken) : yielded
        if (output === '') taken += valueCount(block)
        if (batcher && block.kind === 'numbers') {
          const sending = batcher.add(block)
          if (sending) await sending
        } else if (block.kind === 'numbers' && block.rows > 1) await sendRows(block)
        else await send(block, output)
        if (taken >= maxValues) await batcher?.flush()
        if (taken >= maxValues || signal.aborted || this.#closed) break
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
      await batcher?.flush()
    }
  }

  /**
   * Sends what is queued and frees the socket. May be called twice.
   *
   * @param patient - Give a lossless publisher's subscribers 5 s to take the rest, rather than 0.4 s. Default true.
   */
  async close(patient = true): Promise<void> {
    this.#closed = true
    await this.#socket.close(this.#lossless && patient ? LOSSLESS_LINGER_MS : undefined)
  }

  /** Closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #refresh({ demand, topics, always }: StreamDemand): void {
    for (const [output, topic] of topics) demand.set(output, always || this.#subscriptions.wants(topic))
  }

  #total(count: keyof StreamCounts): number {
    return [...this.#counts.keys()].reduce((sum, stream) => sum + this.counts(stream)[count], 0)
  }

  /** @returns Whether it was sent, rather than dropped or given up. */
  async #send(envelope: Envelope, counts: StreamCounts, signal: AbortSignal): Promise<boolean> {
    const message = this.#encode(envelope, counts)
    if (!message || (await this.#handAll([message], signal)) === 0) return false
    counts.sent += valueCount(envelope.block)
    return true
  }

  /** The message; nothing where the block does not fit one, and is dropped. */
  #encode(envelope: Envelope, counts: StreamCounts): Message | undefined {
    try {
      return this.#codec.encode(envelope)
    } catch (error) {
      if (systemErrorCode(error) !== 'ERR_MESSAGE_SIZE') throw error
      counts.dropped += valueCount(envelope.block)
      this.#log?.error(errorMessage(error))
      return undefined
    }
  }

  /** @returns How many of them the socket took, before the wait for the next one was given up. */
  async #handAll(messages: readonly Message[], signal: AbortSignal): Promise<number> {
    let taken = 0
    try {
      for (const message of messages) {
        if (!(await this.#socket.send(message, signal))) break
        taken++
      }
    } catch (error) {
      if (!this.#closed) throw error
    }
    return taken
  }
}

/** The block, or as many of its rows as are still wanted. */
function cutTo(block: Block, maxValues: number): Block {
  return block.kind === 'numbers' && block.rows > maxValues ? sliceRows(block, 0, maxValues) : block
}

/** A row as a block of its own, on the same data. A literal: spreading a block doubles the time a message takes. */
function singleRow(
  { kind, time, interval = 0, columns, data }: NumbersBlock,
  row: number,
  seq: number,
): NumbersBlock {
  const values = data.subarray(row * columns, (row + 1) * columns)
  return { kind, seq, time: time + row * interval, rows: 1, columns, data: values }
}
