import { LOG_SCHEMA, ProtobufWriter } from '@zcast/schemas'
import { type Envelope, type Log, type Message, valueCount } from '@zcast/shared'
import type { LossNote, RecordedLine } from '@zcast/subscribers'
import { type Account, Accounts, type Counted } from './accounts.ts'
import { ChannelTable } from './channel-table.ts'
import { ChunkPart } from './chunk-part.ts'
import { loadCompression } from './mcap/compression.ts'
import { encodeLogLine, LOG_TOPIC } from './messages/log-note.ts'
import { encodeLossNote, LOSSES_TOPIC } from './messages/loss-note.ts'
import { encodeRawMessage } from './messages/raw-message.ts'
import { valueMessage } from './messages/value-message.ts'
import { RecordingFile } from './recording-file.ts'
import { toNanoseconds } from './recording-time.ts'

/** A chunk is closed when it is that large. */
const CHUNK_BYTES = 1024 * 1024

/** What an {@link OpenRecording} has so far. */
export interface RecordingProgress {
  /** Of the file. */
  readonly bytes: number
  readonly topics: number
  /** Values that are in the file, or will be with the next chunks. */
  readonly recorded: number
  /** Values that came while the disk was full, and are not in the file. */
  readonly unwritten: number
  /** The counts of each topic and epoch. */
  readonly accounts: readonly Account[]
}

/** Options of {@link OpenRecording.create}. */
export interface OpenOptions {
  readonly log?: Log | undefined
  /** The accounts of the files before it, which go on in this one. Default: it is the first. */
  readonly before?: readonly Account[]
  /** Called with values that could not be written. */
  readonly onUnwritten?: (topic: string, epoch: number, count: number) => void
}

/** A file that values are recorded to. */
export class OpenRecording {
  readonly #accounts: Accounts
  readonly #file: RecordingFile
  readonly #log: Log | undefined
  #from: bigint | undefined
  #headBytes: number
  readonly #channels = new ChannelTable()
  readonly #writer = new ProtobufWriter()
  /** JPEG and Opus do not become smaller. */
  readonly #pictures = new ChunkPart({ isCompressed: false })
  readonly #numbers = new ChunkPart({ isCompressed: true })
  #writing = Promise.resolve()
  #failure: unknown
  #received = 0

  private constructor(file: RecordingFile, accounts: Accounts, log: Log | undefined) {
    this.#file = file
    this.#headBytes = file.size
    this.#accounts = accounts
    this.#log = log
  }

  /**
   * Makes the file.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string, { log, before = [], ...told }: OpenOptions = {}): Promise<OpenRecording> {
    await loadCompression()
    const accounts = new Accounts()
    for (const { topic, epoch, last } of before) accounts.expect({ topic, epoch, seq: last + 1 })
    const file = await RecordingFile.create(path, { accounts, log, before, ...told })
    return new OpenRecording(file, accounts, log)
  }

  get path(): string {
    return this.#file.path
  }

  /** Of the file, and of what will be in it. */
  get bytes(): number {
    return this.#file.size + this.#pictures.byteLength + this.#numbers.byteLength
  }

  /** Of what came before it: accounts, and values that it retains. */
  get headBytes(): number {
    return this.#headBytes
  }

  /** When its first values came; `undefined` before that. */
  get from(): bigint | undefined {
    return this.#from
  }

  /**
   * Adds the values of an envelope that came at a time, in nanoseconds since the Unix epoch; not before those of earlier
   * calls.
   *
   * @param tellsLosses - False when {@link addLoss} tells what is lost before them: what else is missing counts as left
   *   out. Otherwise all that is missing is lost, and noted here.
   * @returns When there is room for more, if there is none.
   * @throws {@link SinkError} `ERR_SINK` when the file cannot be written.
   */
  add(envelope: Envelope, time: bigint, tellsLosses: boolean): Promise<void> | undefined {
    const { topic, epoch = 0, block, withheld } = envelope
    this.#check()
    const channel = this.#channels.of(topic, block.kind)
    if (!channel) return this.#refuse(topic)
    const count = valueCount(block)
    this.#from ??= time
    this.#received += count
    const counted = { topic, epoch, seq: block.seq, count, withheld, time }
    const missing = tellsLosses ? this.#accounts.add(counted) : this.#accounts.addTold(counted)
    if (missing)
      this.#note(LOSSES_TOPIC, encodeLossNote({ topic, epoch, ...missing, time: Number(time) / 1e9 }), time)
    const part = block.kind === 'numbers' || block.kind === 'chat' ? this.#numbers : this.#pictures
    for (let row = 0; row < count; row++)
      part.add(
        channel,
        valueMessage(this.#writer, envelope, { channelId: channel.channel.id, row, recordedAt: time }),
        epoch,
      )
    return this.#flushFull(part)
  }

  /** Writes a value that came before the file, and holds at a moment; of rows, the last. It is not counted. */
  retain(envelope: Envelope, time: bigint): void {
    const { topic, block } = envelope
    const channel = this.#channels.retained(topic, block.kind)
    if (!channel) return
    const part = block.kind === 'numbers' ? this.#numbers : this.#pictures
    const row = valueCount(block) - 1
    const before = part.byteLength
    part.add(
      channel,
      valueMessage(this.#writer, envelope, { channelId: channel.channel.id, row, recordedAt: time }),
    )
    this.#headBytes += part.byteLength - before
  }

  /** Adds a message of another program as it is. @returns When there is room for more, if there is none. */
  addRaw(topic: string, message: Message, time: bigint): Promise<void> | undefined {
    this.#check()
    const channel = this.#channels.raw(topic)
    if (!channel) return this.#refuse(topic)
    this.#from ??= time
    this.#received += 1
    this.#accounts.add({ topic, epoch: 0, seq: undefined, count: 1, time })
    const times = { logTime: time, publishTime: time }
    const data = encodeRawMessage(message)
    this.#pictures.add(channel, { channelId: channel.channel.id, sequence: 0, ...times, data }, 0)
    return this.#flushFull(this.#pictures)
  }

  /** Notes values that are missing. */
  addLoss(note: LossNote, time = toNanoseconds(note.time)): void {
    const { topic, epoch, first } = note
    if (!this.#accounts.has(topic, epoch)) this.#accounts.expect({ topic, epoch, seq: first })
    this.#accounts.tell(note)
    this.#note(LOSSES_TOPIC, encodeLossNote(note), time)
  }

  /** Counts values that came, and cannot be given. */
  leaveOut(values: Counted): void {
    this.#accounts.addLeftOut(values)
  }

  /** Adds a line of the error log. */
  addLine(line: RecordedLine, time = toNanoseconds(line.time)): void {
    this.#note(LOG_TOPIC, encodeLogLine(line), time)
  }

  /** What has been recorded so far. */
  progress(): RecordingProgress {
    const { unwritten, size: bytes } = this.#file
    const recorded = this.#received - unwritten
    return { bytes, topics: this.#channels.topics, recorded, unwritten, accounts: this.#accounts.read() }
  }

  /** Has what was added written to the disk, with what has changed in the accounts. */
  flush(): Promise<void> {
    return this.#flush([this.#pictures, this.#numbers], true)
  }

  /**
   * Writes what is left, and the index. Call it once.
   *
   * @throws {@link SinkError} `ERR_SINK` when that cannot be written, or when values are missing because the disk was
   *   full.
   */
  async close(): Promise<void> {
    await this.#flush([this.#pictures, this.#numbers], false)
    await this.#file.close(this.#channels.all())
    this.#check()
  }

  #refuse(topic: string): undefined {
    const reason = 'the recording has as many topics as it can'
    this.#log?.warning(`${topic} is not recorded: ${reason}`, undefined, reason)
  }

  #flushFull(part: ChunkPart): Promise<void> | undefined {
    if (part.byteLength < CHUNK_BYTES) return undefined
    // One chunk may be filled while another is being written.
    const earlier = this.#writing
    void this.#flush([part], false)
    return earlier
  }

  #note(topic: string, data: Uint8Array, time: bigint): void {
    const channel = this.#channels.add(topic, LOG_SCHEMA)
    if (!channel) return
    const times = { logTime: time, publishTime: time }
    this.#numbers.add(channel, { channelId: channel.channel.id, sequence: 0, ...times, data })
  }

  /** Has what is in the parts written, after what is being written. */
  #flush(parts: readonly ChunkPart[], withAccounts: boolean): Promise<void> {
    const taken = parts.flatMap((part) => part.take())
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#failure === undefined) await this.#file.append(taken, withAccounts)
      } catch (error) {
        this.#failure = error
      }
    })
    return this.#writing
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}
