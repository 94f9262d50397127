import type { McapTypes } from '@mcap/core'
import { LOG_SCHEMA, nanoseconds, ProtobufWriter, splitTime, writeValue } from '@zcast/schemas'
import { type Block, type Envelope, type Log, valueCount } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'
import { type Account, Accounts } from './accounts.ts'
import { ChunkPart } from './chunk-part.ts'
import { ChannelTable } from './channel-table.ts'
import { loadCompression } from './mcap/compression.ts'
import type { OpenChannel } from './mcap/open-chunk.ts'
import { encodeLossNote, LOSSES_TOPIC } from './messages/loss-note.ts'
import { RecordingFile } from './recording-file.ts'

/** A chunk is closed when it is that large. */
const CHUNK_BYTES = 1024 * 1024

/** What came is written after this long: with the time that writing takes, at most a second is lost by a crash. */
const FLUSH_MS = 750

/** Options of {@link Recorder}. */
export interface RecorderOptions {
  /** The file, usually `.mcap`; must not exist yet. */
  readonly path: string
}

/** What a {@link Recorder} has done so far. */
export interface RecorderProgress {
  /** Of the file. */
  readonly bytes: number
  readonly topics: number
  /** Values that are in the file, or will be within a second. */
  readonly recorded: number
  /** Values that came while the disk was full, and are not in the file. */
  readonly unwritten: number
  /** The counts of each topic and epoch. */
  readonly accounts: readonly Account[]
}

/**
 * Records everything that it is given to an MCAP file: value for value, at the times at which it came, with exact counts
 * of what is missing. At most the last second is lost when the process is killed. While the disk is full it leaves out
 * what comes, says so once, and goes on when there is room. Use it with delivery `all`.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Recorder } from '@zcast/recording'
 * import { Subscriber } from '@zcast/subscribers'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'recording-'))
 * const connect = 'tcp://127.0.0.1:5556'
 * const subscriber = await Subscriber.open({ connect, topics: ['numbers/'], delivery: 'all' })
 * const recorder = new Recorder({ path: join(folder, 'numbers.mcap') })
 * await subscriber.run(recorder, { signal: AbortSignal.timeout(100) })
 * await subscriber.close()
 * ```
 */
export class Recorder implements Sink {
  readonly #path: string
  readonly #accounts = new Accounts()
  readonly #channels = new ChannelTable()
  readonly #writer = new ProtobufWriter()
  /** JPEG and Opus do not become smaller. */
  readonly #pictures = new ChunkPart({ isCompressed: false })
  readonly #numbers = new ChunkPart({ isCompressed: true })
  #log: Log | undefined
  #file: RecordingFile | undefined
  #timer: NodeJS.Timeout | undefined
  #writing = Promise.resolve()
  #closing: Promise<void> | undefined
  #failure: unknown
  #received = 0

  constructor({ path }: RecorderOptions) {
    this.#path = path
  }

  /**
   * Makes the file.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  async open({ log }: Pick<SinkContext, 'log'> = {}): Promise<void> {
    this.#log = log
    await loadCompression()
    this.#file = await RecordingFile.create(this.#path, this.#accounts, log)
    this.#timer = setInterval(() => void this.#flush([this.#pictures, this.#numbers], true), FLUSH_MS)
  }

  /** Resolves when there is room for more. @throws {@link SinkError} `ERR_SINK` when the file cannot be written. */
  async write({ topic, epoch = 0, block }: Envelope): Promise<void> {
    this.#check()
    const channel = this.#channels.of(topic, block.kind)
    if (!channel) {
      const reason = 'the recording has as many topics as it can'
      this.#log?.warning(`${topic} is not recorded: ${reason}`, undefined, reason)
      return
    }
    const time = now()
    const count = valueCount(block)
    const { seq } = block
    this.#received += count
    const missing = this.#accounts.add({ topic, epoch, seq, count, time })
    if (missing) this.#note({ topic, epoch, ...missing }, time)
    const part = block.kind === 'numbers' || block.kind === 'chat' ? this.#numbers : this.#pictures
    for (let row = 0; row < count; row++) {
      part.add(channel, this.#message(channel, { block, row, epoch, time }), epoch)
      if (part.byteLength >= CHUNK_BYTES) await this.#flush([part], false)
    }
  }

  /** What has been recorded so far. */
  progress(): RecorderProgress {
    const unwritten = this.#file?.unwritten ?? 0
    const bytes = this.#file?.size ?? 0
    const recorded = this.#received - unwritten
    return { bytes, topics: this.#channels.topics, recorded, unwritten, accounts: this.#accounts.read() }
  }

  /**
   * Writes what is left, and the index. May be called twice.
   *
   * @throws {@link SinkError} `ERR_SINK` when that cannot be written, or when values are missing because the disk was
   *   full.
   */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#closing ??= this.#finish()
    await this.#closing
  }

  async #finish(): Promise<void> {
    await this.#flush([this.#pictures, this.#numbers], false)
    await this.#file?.close(this.#channels.all())
    this.#check()
  }

  #message(
    { channel }: OpenChannel,
    { block, row, epoch, time }: { block: Block; row: number; epoch: number; time: bigint },
  ): McapTypes.Message {
    const interval = block.kind === 'numbers' ? (block.interval ?? 0) : 0
    writeValue(this.#writer.reset(), { block, row, epoch })
    return {
      channelId: channel.id,
      // It has 32 bits here, and all of them in the message itself.
      sequence: ((block.seq ?? 0) + row) % 2 ** 32,
      logTime: time,
      publishTime: nanoseconds(splitTime(block.time + row * interval)),
      data: this.#writer.bytes,
    }
  }

  #note(missing: { topic: string; epoch: number; first: number; count: number }, time: bigint): void {
    const channel = this.#channels.add(LOSSES_TOPIC, LOG_SCHEMA)
    if (!channel) return
    const data = encodeLossNote({ ...missing, time: Number(time) / 1e9 })
    const times = { logTime: time, publishTime: time }
    this.#numbers.add(channel, { channelId: channel.channel.id, sequence: 0, ...times, data })
  }

  /** Has what is in the parts written, after what is being written. */
  #flush(parts: readonly ChunkPart[], withAccounts: boolean): Promise<void> {
    const taken = parts.flatMap((part) => part.take())
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#failure === undefined) await this.#file?.append(taken, withAccounts)
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

/** A clock that is set meanwhile must not make the file's times jump. */
function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n
}
