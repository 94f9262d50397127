import type { Envelope } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'
import { OpenRecording, type RecordingProgress } from './open-recording.ts'
import { recordingTime } from './recording-time.ts'

/** What came is written after this long: with the time that writing takes, at most a second is lost by a crash. */
const FLUSH_MS = 750

/** Options of {@link Recorder}. */
export interface RecorderOptions {
  /** The file, usually `.mcap`; must not exist yet. */
  readonly path: string
}

/** What a {@link Recorder} has done so far. */
export type RecorderProgress = RecordingProgress

const NOTHING: RecorderProgress = { bytes: 0, topics: 0, recorded: 0, unwritten: 0, accounts: [] }

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
  #recording: OpenRecording | undefined
  #timer: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

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
    this.#recording = await OpenRecording.create(this.#path, log)
    this.#timer = setInterval(() => void this.#recording?.flush(), FLUSH_MS)
  }

  /** Resolves when there is room for more. @throws {@link SinkError} `ERR_SINK` when the file cannot be written. */
  async write(envelope: Envelope): Promise<void> {
    await this.#recording?.add(envelope, recordingTime())
  }

  /** Adds a line of the error log, which has just been written. */
  addLine(line: string): void {
    const time = recordingTime()
    this.#recording?.addLine({ time: Number(time) / 1e9, line }, time)
  }

  /** What has been recorded so far. */
  progress(): RecorderProgress {
    return this.#recording?.progress() ?? NOTHING
  }

  /**
   * Writes what is left, and the index. May be called twice.
   *
   * @throws {@link SinkError} `ERR_SINK` when that cannot be written, or when values are missing because the disk was
   *   full.
   */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#closing ??= this.#recording?.close()
    await this.#closing
  }
}
