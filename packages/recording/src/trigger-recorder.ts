import { basename, dirname } from 'node:path'
import type { Envelope, Log, Message } from '@zcast/shared'
import { pause } from '@zcast/shared/internal'
import type { Sink, SinkContext } from '@zcast/subscribers'
import { ringItems } from './history-items.ts'
import { Recorder, type RecorderOptions, type RecorderProgress } from './recorder.ts'
import { recordingTime, toNanoseconds } from './recording-time.ts'
import { retainedValues } from './retained-values.ts'
import { HistoryRing } from './ring/history-ring.ts'
import { SplitFiles } from './split-files.ts'

/** What came is in a file that is being kept after this long, and the time that writing takes. */
const FOLLOW_MS = 300

/** Older values are kept for so long, for a file that is behind. */
const SPARE_SECONDS = 10

/** Room of the ring, unless told otherwise. */
const RING_BYTES = 4 * 2 ** 30

/** What becomes of a file of a {@link TriggerRecorder}. */
export type KeptFileEvent = 'begin' | 'end' | 'incomplete'

/** Options of {@link TriggerRecorder}. */
export interface TriggerRecorderOptions extends RecorderOptions {
  /** What came so many seconds before a trigger is in its file. */
  readonly preSeconds: number
  /** A file ends so many seconds after its last trigger. Default: when {@link TriggerRecorder.stop} is called. */
  readonly postSeconds?: number | undefined
  /** Room on the disk for what came before, in the folder of the file. Default 4 GiB. */
  readonly ringBytes?: number | undefined
  /** Called when a file begins, and when it ends: complete, or not, which the log has been told. */
  readonly onFile?: ((event: KeptFileEvent, path: string) => void) | undefined
}

/** What is kept for one trigger, in seconds since the Unix epoch. */
interface Moment {
  readonly from: number
  until: number
  readonly stopped: AbortController
}

const TOTALS = ['bytes', 'recorded', 'unwritten', 'lost', 'withheld', 'files'] as const
type Totals = { -readonly [F in (typeof TOTALS)[number]]: RecorderProgress[F] }

/**
 * Keeps only the last seconds of what it is given, in a ring on disk, until it is triggered: each trigger makes a file of
 * its own (`flight-0001.mcap` of `flight.mcap`) with what came before it and what comes after it.
 */
export class TriggerRecorder implements Sink {
  readonly #options: TriggerRecorderOptions
  readonly #files: SplitFiles
  #ring: HistoryRing | undefined
  #sink: Sink | undefined
  /** What the ring had before it was removed. */
  #topics = 0
  #log: Log | undefined
  /** The file that further triggers make longer. */
  #moment: Moment | undefined
  #keeping = Promise.resolve()
  readonly #recorders = new Set<Recorder>()
  /** Why a file is not complete: the first reason. */
  #failure: unknown
  /** Of files that are complete. */
  readonly #done: Totals = { bytes: 0, recorded: 0, unwritten: 0, lost: 0, withheld: 0, files: 0 }

  /** @throws {@link OptionError} `ERR_OPTION` when a limit is out of range. */
  constructor(options: TriggerRecorderOptions) {
    this.#options = options
    this.#files = new SplitFiles(options.path, options.keep ?? {})
    // Checks the limits.
    void this.#makeRecorder()
  }

  /** Makes the ring. @throws {@link SinkError} `ERR_SINK` when it cannot be made. */
  async open(context: Partial<SinkContext> = {}): Promise<void> {
    const { path, preSeconds, ringBytes = RING_BYTES } = this.#options
    this.#log = context.log
    this.#ring = await HistoryRing.open({
      seconds: preSeconds + SPARE_SECONDS,
      bytes: ringBytes,
      folder: dirname(path),
      // What came before a crash is what such a recorder is for.
      recording: basename(path),
      log: context.log,
    })
    this.#sink = this.#ring.sink()
    // It is given everything: what is missing was lost.
    await this.#sink.open({ ...context, statistics: undefined } as never)
  }

  async write(envelope: Envelope): Promise<void> {
    await this.#sink?.write(envelope)
  }

  /** Adds a message of another program as it is. */
  async addRaw(message: Message): Promise<void> {
    this.#ring?.addRaw(message)
  }

  /** Adds a line of the error log, which has just been written. */
  addLine(line: string): void {
    this.#ring?.addLine(line)
  }

  /** True while a file is being written. */
  get isKeeping(): boolean {
    return this.#moment !== undefined
  }

  /** Begins a file, or has the one that is being written end later. */
  trigger(): void {
    const { preSeconds, postSeconds = Infinity } = this.#options
    const now = Number(recordingTime()) / 1e9
    const until = now + postSeconds
    const ring = this.#ring
    if (this.#moment) this.#moment.until = until
    if (this.#moment || !ring) return
    const moment = { from: now - preSeconds, until, stopped: new AbortController() }
    this.#moment = moment
    this.#keeping = this.#keeping.then(() => this.#keep(ring, moment))
  }

  /** Ends the file that is being written, if there is one, once everything that has come is in it. */
  async stop(): Promise<void> {
    const moment = this.#moment
    this.#moment = undefined
    if (moment) moment.until = Number(recordingTime()) / 1e9
    moment?.stopped.abort()
    await this.#keeping
  }

  /** What is in the files so far, all together. */
  progress(): RecorderProgress {
    const open = [...this.#recorders].map((recorder) => recorder.progress())
    const totals = { ...this.#done }
    for (const each of open) addTo(totals, each)
    const topics = Math.max(this.#topics, this.#ring?.topics().length ?? 0)
    return { ...totals, topics, accounts: open.flatMap(({ accounts }) => accounts) }
  }

  /**
   * Ends the file that is being written, and removes the ring. May be called twice.
   *
   * @throws {@link SinkError} `ERR_SINK` when a file is not complete.
   */
  async close(): Promise<void> {
    await this.stop()
    this.#topics = this.progress().topics
    await this.#ring?.close()
    // Otherwise a program would end as if everything were kept.
    if (this.#failure !== undefined) throw this.#failure
  }

  #makeRecorder(): Recorder {
    return new Recorder(this.#options, this.#files)
  }

  async #keep(ring: HistoryRing, moment: Moment): Promise<void> {
    const recorder = this.#makeRecorder()
    this.#recorders.add(recorder)
    let isOpen = false
    let isComplete = true
    const fail = (sentence: string, error: unknown): void => {
      this.#failure ??= error
      isComplete = false
      this.#log?.error(sentence, error)
    }
    try {
      await recorder.open({ log: this.#log })
      isOpen = true
      this.#options.onFile?.('begin', recorder.path)
      await this.#follow(ring, recorder, moment)
    } catch (error) {
      fail('what was to be kept is not, or not to its end', error)
    }
    if (this.#moment === moment) this.#moment = undefined
    const { path } = recorder
    await recorder.close().catch((error: unknown) => fail(`${path} is not complete`, error))
    addTo(this.#done, recorder.progress())
    this.#recorders.delete(recorder)
    if (isOpen) this.#options.onFile?.(isComplete ? 'end' : 'incomplete', path)
  }

  /** Writes what is in the ring, and what comes into it, until the end. */
  async #follow(ring: HistoryRing, recorder: Recorder, moment: Moment): Promise<void> {
    let { from } = moment
    for (let isFirst = true; ; isFirst = false) {
      const now = await ring.flush()
      if (isFirst) recorder.retain(await retainedValues(ring, from), toNanoseconds(from))
      const isLast = now >= moment.until
      // A trigger from here on begins another file.
      if (isLast && this.#moment === moment) this.#moment = undefined
      const to = Math.min(now, moment.until)
      for await (const item of ringItems(ring, { from, to })) {
        if (item.type === 'loss') recorder.addLoss(item.loss)
        else if (item.type === 'line') recorder.addLine(item.line)
        else if (item.type === 'dropped') recorder.leaveOut(item.dropped, toNanoseconds(item.time))
        else if (item.type === 'raw') await recorder.addRaw(item.message, toNanoseconds(item.time))
        else await recorder.add(item.block.envelope, toNanoseconds(item.time), false)
      }
      await recorder.flush()
      if (isLast) return
      // Times have whole microseconds.
      from = to + 1e-6
      await pause(FOLLOW_MS, moment.stopped.signal)
    }
  }
}

function addTo(totals: Totals, progress: RecorderProgress): void {
  for (const field of TOTALS) totals[field] += progress[field]
}
