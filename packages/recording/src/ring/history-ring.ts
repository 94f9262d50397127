import { LOG_SCHEMA, ProtobufWriter, SCHEMAS } from '@zcast/schemas'
import {
  type Envelope,
  type Log,
  type Message,
  OptionError,
  type Statistics,
  valueCount,
} from '@zcast/shared'
import type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
  Sink,
} from '@zcast/subscribers'
import { Accounts } from '../accounts.ts'
import type { ChunkValues } from '../chunk-part.ts'
import { loadCompression } from '../mcap/compression.ts'
import { encodeLogLine, LOG_TOPIC } from '../messages/log-note.ts'
import { encodeLossNote, LOSSES_TOPIC } from '../messages/loss-note.ts'
import { decodeRawMessage, encodeRawMessage, RAW_ENCODING, rawTopicOf } from '../messages/raw-message.ts'
import { valueMessage } from '../messages/value-message.ts'
import { ChunkHistory } from '../reading/chunk-history.ts'
import { recordingTime } from '../recording-time.ts'
import { ForgottenValues } from './forgotten-values.ts'
import { listTopics } from './list-topics.ts'
import { DroppedRuns, type DroppedValues } from './dropped-values.ts'
import { RealLosses } from './real-losses.ts'
import { type SavedSelection, type SaveOptions, saveSelection } from '../save-selection.ts'
import { RingFolder } from './ring-folder.ts'
import type { RingSeries } from './ring-series.ts'
import { RingShares } from './ring-shares.ts'
import { RingSink } from './ring-sink.ts'
import { RingWriter } from './ring-writer.ts'

/** What came can be read after this long. */
const FLUSH_MS = 500

/** Fewer leave no room for a segment of each share. */
const LEAST_BYTES = 1024 * 1024
const MAX_CHUNK_BYTES = 1024 * 1024

/** The share of the room that is kept for numbers, text and the log. */
const LIGHT_SHARE = 1 / 4

/** A message of another program. */
export interface RawRecorded {
  /** Seconds since the Unix epoch. */
  readonly recordedAt: number
  readonly message: Message
}

/** Options of {@link HistoryRing.open}. */
export interface HistoryRingOptions {
  /** What is older than the newest value by more is forgotten. */
  readonly seconds: number
  /** Room on the disk, 1 MiB or more. What does not fit is forgotten, the oldest first. */
  readonly bytes: number
  /** Where a folder for it is made. Default: the system's folder for temporary files. */
  readonly folder?: string | undefined
  /**
   * The name of the recording that it is for: what the same recording left there when it was killed is kept for a day
   * after that is found, and the log is told. Default: none; what was left of such rings is removed.
   */
  readonly recording?: string | undefined
  /** Receives reports of failures. Default: no reports. */
  readonly log?: Log | undefined
}

/**
 * The last minutes of any number of subscriptions, on disk, to be looked at again while more comes. A quarter of the room
 * is kept for numbers, text and the log, so that pictures never drive them out; of pictures and sound, the topic that
 * takes the most room gives way. Nothing is written while nothing comes.
 *
 * What fails (a full disk) is told to the log once, and is no error of who writes: what does not fit is left out.
 *
 * @example
 * ```ts
 * import { HistoryRing } from '@zcast/recording'
 * import { Subscriber } from '@zcast/subscribers'
 *
 * const ring = await HistoryRing.open({ seconds: 600, bytes: 2 ** 30 })
 * const connect = 'tcp://127.0.0.1:5556'
 * const subscriber = await Subscriber.open({ connect, topics: ['numbers/'] })
 * await subscriber.run(ring.sink(), { signal: AbortSignal.timeout(100) })
 * await subscriber.close()
 * for await (const { recordedAt, envelope } of ring.blocks()) console.log(recordedAt, envelope.topic)
 * await ring.close()
 * ```
 */
export class HistoryRing implements History {
  readonly #folder: RingFolder
  readonly #options: HistoryRingOptions
  readonly #shares: RingShares
  readonly #writer: RingWriter
  readonly #history: ChunkHistory
  readonly #forgotten = new ForgottenValues()
  readonly #accounts = new Accounts()
  readonly #losses = new RealLosses()
  readonly #dropped: DroppedRuns
  readonly #messages = new ProtobufWriter()
  readonly #chunkBytes: number
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #newest = 0n

  private constructor(folder: RingFolder, options: HistoryRingOptions) {
    this.#folder = folder
    this.#options = options
    this.#chunkBytes = Math.min(MAX_CHUNK_BYTES, options.bytes / 64)
    this.#shares = new RingShares(folder.path, options, (segment) => this.#forgotten.take(segment))
    this.#dropped = new DroppedRuns(options.seconds)
    this.#writer = new RingWriter({
      light: this.#shares.light,
      heavy: () => this.#shares.heavy,
      ...options,
      lightBytes: options.bytes * LIGHT_SHARE,
      onDropped: (values) => this.#dropped.note(values),
    })
    this.#history = new ChunkHistory(() => this.#shares.segments)
  }

  /**
   * Makes a folder of its own for it, which only this user can read, and removes those that killed processes left, but
   * for what a recording keeps.
   *
   * @throws {@link OptionError} `ERR_OPTION` when an option is out of range.
   * @throws {@link SinkError} `ERR_SINK` when the folder cannot be made.
   */
  static async open(options: HistoryRingOptions): Promise<HistoryRing> {
    if (!(options.seconds > 0)) throw new OptionError('the length of a history must be more than 0 seconds')
    if (!(options.bytes >= LEAST_BYTES)) throw new OptionError('a history needs room for 1 MiB or more')
    await loadCompression()
    return new HistoryRing(await RingFolder.make(options), options)
  }

  /** The folder that it keeps its files in. */
  get folder(): string {
    return this.#folder.path
  }

  /** On the disk. */
  get bytes(): number {
    return this.#shares.all.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get from(): number | undefined {
    return this.#history.from
  }

  get to(): number | undefined {
    return this.#history.to
  }

  /** What a subscription writes to; one for each. */
  sink(): Sink {
    return new RingSink((envelope, statistics) => this.#take(envelope, statistics))
  }

  /** Adds a line of the error log, which has just been written. */
  addLine(line: string): void {
    const time = this.#time()
    this.#note(LOG_TOPIC, encodeLogLine({ time: Number(time) / 1e9, line }), time)
  }

  /** Adds a message of another program as it is. */
  addRaw(message: Message): void {
    if (this.#isClosed) return
    const topic = rawTopicOf(message)
    const series = this.#shares.heavyOf(topic)
    const channel = series.rawChannel(topic)
    const time = this.#time()
    if (!channel) return this.#refuse({ topic, epoch: 0, seq: undefined, count: 1, to: time })
    const times = { logTime: time, publishTime: time }
    const data = encodeRawMessage(message)
    series.add(channel, { channelId: channel.channel.id, sequence: 0, ...times, data }, 0)
    this.#added(series)
  }

  topics(): readonly RecordedTopic[] {
    return listTopics(this.#shares.segments, this.#forgotten.topics)
  }

  blocks(range?: HistoryRange): AsyncGenerator<RecordedBlock> {
    return this.#history.blocks(range)
  }

  /** Also what the ring has forgotten, while nothing else of its topic had come. */
  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    return (await this.#history.latest(topic, time)) ?? this.#forgotten.latest(topic, time)
  }

  /** Messages of other programs, as they are. */
  async *rawMessages(range?: HistoryRange): AsyncGenerator<RawRecorded> {
    for await (const { recordedAt, data } of this.#history.rawMessages(range, RAW_ENCODING)) {
      const message = decodeRawMessage(data)
      if (message) yield { recordedAt, message }
    }
  }

  losses(range?: HistoryRange): AsyncGenerator<LossNote> {
    return this.#history.losses(range)
  }

  lines(range?: Omit<HistoryRange, 'topics'>): AsyncGenerator<RecordedLine> {
    return this.#history.lines(range)
  }

  /** What came, and is not kept, although it is not too old. */
  dropped({ from = -Infinity, to = Infinity }: Omit<HistoryRange, 'topics'> = {}): readonly DroppedValues[] {
    return this.#dropped.between(from, to)
  }

  /** Writes a selection to an MCAP file: see {@link saveSelection}. What has just come is in it. */
  async save(path: string, options?: SaveOptions): Promise<SavedSelection> {
    await this.flush()
    return saveSelection(this, path, options)
  }

  /**
   * Has everything that came so far written, so that it can be read.
   *
   * @returns When it was called, in seconds since the Unix epoch: what comes later has a later time.
   */
  async flush(): Promise<number> {
    const time = this.#time()
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const series of this.#shares.all) this.#writer.write(series)
    await this.#writer.written()
    return Number(time) / 1e9
  }

  /** Removes it from the disk. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#writer.close()
    await this.#folder.remove()
  }

  /** Removes it from the disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #take(envelope: Envelope, statistics: Statistics | undefined): void {
    if (this.#isClosed) return
    const { topic, epoch = 0, block, withheld } = envelope
    const series = this.#shares.of(envelope)
    const time = this.#time()
    const count = valueCount(block)
    const missing = this.#accounts.add({ topic, epoch, seq: block.seq, count, withheld, time })
    const lost = missing ? this.#losses.count(topic, missing.count, statistics) : 0
    if (missing && lost > 0) {
      const note = { topic, epoch, first: missing.first, count: lost, time: Number(time) / 1e9 }
      this.#note(LOSSES_TOPIC, encodeLossNote(note), time)
    }
    // Only now: the note may have begun a new segment, whose channels have other numbers.
    const channel = series.channel(topic, SCHEMAS[block.kind])
    const { seq } = block
    if (!channel) return this.#refuse({ topic, epoch, seq, count, to: time })
    for (let row = 0; row < count; row++)
      series.add(
        channel,
        valueMessage(this.#messages, envelope, { channelId: channel.channel.id, row, recordedAt: time }),
        epoch,
        seq === undefined ? undefined : seq + row,
      )
    this.#added(series)
  }

  #refuse(values: ChunkValues): void {
    this.#dropped.note([values])
    const reason = 'the history has as many topics as it can'
    this.#options.log?.warning(`${values.topic} is not kept: ${reason}`, undefined, reason)
  }

  /** No two things come at the same time, so that one can go on where another ended. */
  #time(): bigint {
    const now = recordingTime()
    this.#newest = now > this.#newest ? now : this.#newest + 1000n
    return this.#newest
  }

  #note(topic: string, data: Uint8Array, time: bigint): void {
    if (this.#isClosed) return
    const channel = this.#shares.light.channel(topic, LOG_SCHEMA)
    if (!channel) return
    this.#shares.light.add(channel, {
      channelId: channel.channel.id,
      sequence: 0,
      logTime: time,
      publishTime: time,
      data,
    })
    this.#added(this.#shares.light)
  }

  #added(series: RingSeries): void {
    if (series.openBytes >= this.#chunkBytes) this.#writer.write(series)
    // None runs while nothing comes.
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
  }
}
