import { type Envelope, type Log, type Message, OptionError, SinkError, valueCount } from '@zcast/shared'
import type { LossNote, RecordedLine, Sink, SinkContext } from '@zcast/subscribers'
import { Accounts, type Counted } from './accounts.ts'
import { LatestValues } from './latest-values.ts'
import { rawTopicOf } from './messages/raw-message.ts'
import { OpenRecording, type RecordingProgress } from './open-recording.ts'
import { recordingTime } from './recording-time.ts'
import { type CompleteFile, type KeepLimits, SplitFiles } from './split-files.ts'

/** What came is written after this long: with the time that writing takes, at most a second is lost by a crash. */
const FLUSH_MS = 750

/** Without a limit, a file takes this part of what is kept. */
const KEPT_FILES = 10

/** What a file begins with takes this part of it at most, and its own values this part at least. */
const MOST_RETAINED_SHARE = 1 / 8
const LEAST_OWN_SHARE = 1 / 2

/** After a next file could not be made. */
const RETRY_MS = 1000

/** When a recording goes on in another file. */
export interface SplitLimits {
  /** A file is at most that large, but for what comes at once; 1 MiB or more. */
  readonly bytes?: number | undefined
  /** A file lasts that long; 1 or more. */
  readonly seconds?: number | undefined
}

/** Options of {@link Recorder}. */
export interface RecorderOptions {
  /** The file, usually `.mcap`; must not exist yet. With `split` or `keep`, `flight.mcap` stands for `flight-0001.mcap`. */
  readonly path: string
  /** Default: one file, or with `keep` a tenth of it. */
  readonly split?: SplitLimits | undefined
  /** The oldest files of this recording are removed when there is more. Default: everything is kept. */
  readonly keep?: KeepLimits | undefined
}

/** What a {@link Recorder} has done so far. */
export interface RecorderProgress extends RecordingProgress {
  /** Values that did not come, and should have. */
  readonly lost: number
  /** Values that the publisher or a relay left out on purpose. */
  readonly withheld: number
  /** Files that it has made. */
  readonly files: number
}

const LEAST_SPLIT = { bytes: 1024 * 1024, seconds: 1 }

/**
 * Records everything that it is given to an MCAP file: value for value, at the times at which it came, with exact counts
 * of what is missing. At most the last second is lost when the process is killed. While the disk is full it leaves out
 * what comes, says so once, and goes on when there is room. Use it with delivery `all`.
 *
 * With `split`, it goes on in another file from time to time. Each is complete, and its accounts go on from those of the
 * file before: what is lost between two files is counted in the second. Each begins with the last numbers and picture of
 * each topic, such as a setting that is sent once; they are not counted again.
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
  readonly #split: SplitLimits
  readonly #files: SplitFiles | undefined
  /** What each file begins with. */
  readonly #latest: LatestValues | undefined
  /** Of all files together. */
  readonly #accounts = new Accounts()
  #current: OpenRecording | undefined
  #log: Log | undefined
  #timer: NodeJS.Timeout | undefined
  #finishing: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined
  #splitting: Promise<void> | undefined
  #failure: unknown
  #retryAt = 0n
  #hasToldTooLarge = false
  /** The time of the last value. */
  #newest = 0n
  #made = 0
  readonly #complete = { bytes: 0, recorded: 0, unwritten: 0 }
  /** The file before, until it is complete. */
  #full: OpenRecording | undefined

  /**
   * @param files - Those of the recording that this is a part of.
   * @throws {@link OptionError} `ERR_OPTION` when a limit is out of range.
   */
  constructor({ path, split, keep }: RecorderOptions, files?: SplitFiles) {
    this.#path = path
    this.#split = split ?? partOf(keep)
    checkLimits(this.#split, keep)
    this.#files = files ?? (split || keep ? new SplitFiles(path, keep ?? {}) : undefined)
    this.#latest = this.#files && new LatestValues()
  }

  /**
   * Makes the file.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  async open({ log }: Pick<SinkContext, 'log'> = {}): Promise<void> {
    this.#log = log
    this.#current = await this.#make()
    this.#timer = setInterval(() => void this.#current?.flush(), FLUSH_MS)
  }

  /** The file that is being written. */
  get path(): string {
    return this.#current?.path ?? this.#path
  }

  /** Resolves when there is room for more. @throws {@link SinkError} `ERR_SINK` when the file cannot be written. */
  async write(envelope: Envelope): Promise<void> {
    await this.add(envelope, recordingTime())
  }

  /**
   * The same, for values that came at a time, in nanoseconds since the Unix epoch; not before those of earlier calls.
   *
   * @param tellsLosses - False when {@link addLoss} tells of what is lost: what else is missing counts as unwritten.
   *   Default true.
   */
  async add(envelope: Envelope, time: bigint, tellsLosses = true): Promise<void> {
    await this.#turn(time)
    const { topic, epoch = 0, block, withheld } = envelope
    const counted = { topic, epoch, seq: block.seq, count: valueCount(block), withheld, time }
    if (tellsLosses) this.#accounts.add(counted)
    else this.#accounts.addTold(counted)
    this.#latest?.note(envelope)
    await this.#current?.add(envelope, time, tellsLosses)
  }

  /** Writes values that came before everything else, and held at that time; they are none of those that are counted. */
  retain(latest: LatestValues, time: bigint): void {
    for (const envelope of this.#retain(latest, this.#current, time)) this.#latest?.note(envelope)
  }

  /**
   * Adds a message of another program as it is. Resolves when there is room for more.
   *
   * @param time - When it came, in nanoseconds since the Unix epoch. Default: now.
   */
  async addRaw(message: Message, time = recordingTime()): Promise<void> {
    await this.#turn(time)
    const topic = rawTopicOf(message)
    this.#accounts.add({ topic, epoch: 0, seq: undefined, count: 1, time })
    await this.#current?.addRaw(topic, message, time)
  }

  /** Notes values that are lost. */
  addLoss(note: LossNote): void {
    this.#accounts.tell(note)
    this.#current?.addLoss(note)
  }

  /** Counts values that came at a time, in nanoseconds since the Unix epoch, and cannot be given: they are unwritten. */
  leaveOut(values: Omit<Counted, 'time'>, time: bigint): void {
    this.#accounts.addLeftOut({ ...values, time })
    this.#current?.leaveOut({ ...values, time })
  }

  /** Adds a line of the error log, which has just been written unless it says when. */
  addLine(line: string | RecordedLine): void {
    if (typeof line !== 'string') return this.#current?.addLine(line)
    const time = recordingTime()
    this.#current?.addLine({ time: Number(time) / 1e9, line }, time)
  }

  /** Has what came written to the disk. */
  async flush(): Promise<void> {
    await this.#current?.flush()
  }

  /** What has been recorded so far, in all files together. */
  progress(): RecorderProgress {
    const parts = [this.#full?.progress(), this.#current?.progress(), this.#complete]
    const sum = (of: 'bytes' | 'recorded' | 'unwritten'): number =>
      parts.reduce((total, part) => total + (part?.[of] ?? 0), 0)
    const accounts = this.#accounts.read()
    const leftOut = accounts.reduce((total, { unwritten }) => total + unwritten, 0)
    return {
      bytes: sum('bytes'),
      topics: this.#accounts.topics,
      recorded: sum('recorded'),
      unwritten: Math.max(sum('unwritten'), leftOut),
      lost: accounts.reduce((total, { lost }) => total + lost, 0),
      withheld: accounts.reduce((total, { withheld }) => total + withheld, 0),
      accounts,
      files: this.#made,
    }
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

  /** Goes on in another file when it is time. */
  async #turn(time: bigint): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    this.#newest = time
    if (this.#isFull(time)) await (this.#splitting ??= this.#next(time))
  }

  async #finish(): Promise<void> {
    await this.#splitting
    await this.#finishing
    await this.#current?.close()
    if (this.#current) {
      const { bytes } = this.#current
      await this.#addComplete({ path: this.path, bytes, to: Number(this.#newest) / 1e9 }, 0)
    }
    if (this.#failure !== undefined) throw this.#failure
    const { unwritten } = this.progress()
    if (unwritten > 0)
      throw new SinkError(`${unwritten} values are not in ${this.#path}: the disk was full, or too slow`)
  }

  async #make(): Promise<OpenRecording> {
    const path = (await this.#files?.next()) ?? this.#path
    const made = await OpenRecording.create(path, {
      log: this.#log,
      before: this.#accounts.read(),
      onUnwritten: (...values) => this.#accounts.leaveOut(...values),
    }).catch((error: unknown) => {
      this.#files?.giveBack()
      throw error
    })
    this.#made += 1
    return made
  }

  #isFull(time: bigint): boolean {
    if (!this.#files || !this.#current || time < this.#retryAt) return false
    const { from, bytes, headBytes } = this.#current
    const { bytes: most = Infinity, seconds = Infinity } = this.#split
    // Whatever it begins with: otherwise each value might begin another file.
    const isLarge = bytes >= most && bytes - headBytes >= most * LEAST_OWN_SHARE
    return from !== undefined && (isLarge || Number(time - from) / 1e9 >= seconds)
  }

  /** Has a file begin with values that came before it. @returns Those that have room. */
  #retain(latest: LatestValues, file: OpenRecording | undefined, time: bigint): readonly Envelope[] {
    const { bytes } = this.#split
    const { values, tooLarge } = latest.within(bytes === undefined ? undefined : bytes * MOST_RETAINED_SHARE)
    for (const envelope of values) file?.retain(envelope, time)
    if (tooLarge.length > 0 && !this.#hasToldTooLarge) {
      this.#hasToldTooLarge = true
      this.#log?.warning(
        `files of ${this.#path} do not begin with the last value of ${tooLarge[0]}${tooLarge.length > 1 ? ` (and of ${tooLarge.length - 1} more)` : ''}: it takes too much of a file`,
      )
    }
    return values
  }

  /** Goes on in another file. While none can be made, the one before goes on. */
  async #next(time: bigint): Promise<void> {
    try {
      const full = this.#current
      // Not more than two at once take memory.
      await this.#finishing
      const next = await this.#make()
      if (this.#latest) this.#retain(this.#latest, next, time)
      this.#current = next
      this.#full = full
      if (full) this.#finishing = this.#finishFull(full, Number(time) / 1e9)
    } catch (error) {
      this.#log?.warning(
        `${this.path} grows beyond its limit, because the next file cannot be made`,
        error,
        `${this.#path} grows beyond its limit`,
      )
      this.#retryAt = time + BigInt(RETRY_MS) * 1_000_000n
    } finally {
      this.#splitting = undefined
    }
  }

  async #finishFull(full: OpenRecording, to: number): Promise<void> {
    const { path } = full
    try {
      await full.close()
    } catch (error) {
      // What was not written is told at the end.
      if (full.progress().unwritten === 0) this.#failure ??= error
    }
    const { bytes, recorded, unwritten } = full.progress()
    this.#complete.bytes += bytes
    this.#complete.recorded += recorded
    this.#complete.unwritten += unwritten
    this.#full = undefined
    await this.#addComplete({ path, bytes, to }, this.#split.bytes ?? 0)
  }

  /** An old file that cannot be removed is no reason to end, and nobody may be waiting for this. */
  async #addComplete(file: CompleteFile, nextBytes: number): Promise<void> {
    await this.#files
      ?.add(file, nextBytes)
      .catch((error: unknown) =>
        this.#log?.warning(
          `more than the limit is kept, because an old file of ${this.#path} cannot be removed`,
          error,
        ),
      )
  }
}

function partOf({ bytes, seconds }: KeepLimits = {}): SplitLimits {
  return {
    ...(bytes !== undefined && { bytes: Math.max(bytes / KEPT_FILES, LEAST_SPLIT.bytes) }),
    ...(seconds !== undefined && { seconds: Math.max(seconds / KEPT_FILES, LEAST_SPLIT.seconds) }),
  }
}

function checkLimits(split: SplitLimits, keep: KeepLimits | undefined): void {
  if (!((split.bytes ?? Infinity) >= LEAST_SPLIT.bytes)) throw new OptionError('a file must take 1M or more')
  if (!((split.seconds ?? Infinity) >= LEAST_SPLIT.seconds))
    throw new OptionError('a file must last 1s or more')
  const isMore = (a = Infinity, b = Infinity): boolean => a > b
  if (keep?.bytes !== undefined && (split.bytes ?? 0) * 2 > keep.bytes)
    throw new OptionError('keep must hold two files or more: keep more, or split into smaller files')
  if (keep?.seconds !== undefined && split.seconds !== undefined && isMore(split.seconds * 2, keep.seconds))
    throw new OptionError('keep must hold two files or more: keep more, or split into shorter files')
}
