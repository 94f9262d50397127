import type { Log } from '@zcast/shared'
import type { ChunkValues } from '../chunk-part.ts'
import type { RingSeries, SegmentChunk } from './ring-series.ts'

/** What waits for the disk; further chunks are left out. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024

/** Options of {@link RingWriter}. */
export interface RingWriterOptions {
  readonly light: RingSeries
  readonly heavy: () => readonly RingSeries[]
  readonly seconds: number
  /** Of all series, and those that are kept for the light one. */
  readonly bytes: number
  readonly lightBytes: number
  readonly log?: Log | undefined
  /** Called with values that cannot be written. */
  readonly onDropped: (values: readonly ChunkValues[]) => void
}

/** Writes the chunks of a ring's series, one after another, and removes what has become too old or too much. */
export class RingWriter {
  readonly #options: RingWriterOptions
  #writing = Promise.resolve()
  #waitingBytes = 0
  #isFailing = false
  #isClosed = false

  constructor(options: RingWriterOptions) {
    this.#options = options
  }

  /** Has what was added to a series written, after what is being written. */
  write(series: RingSeries): void {
    const taken = series.take()
    if (!taken || this.#isClosed) return
    const bytes = taken.chunk.bytes.byteLength
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#options.onDropped(taken.values)
      return this.#fail('the history has a gap, because the disk is too slow for what comes')
    }
    this.#waitingBytes += bytes
    this.#writing = this.#writing.then(async () => {
      await this.#append(taken)
      taken.chunk.free()
      this.#waitingBytes -= bytes
      // What it throws would end the writing of everything after it.
      await this.#trim().catch((error: unknown) =>
        this.#fail(
          'the history takes more room than it may, because old parts of it cannot be removed',
          error,
        ),
      )
    })
  }

  /** Resolves when everything is written. */
  written(): Promise<void> {
    return this.#writing
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#writing
    for (const series of [this.#options.light, ...this.#options.heavy()]) await series.close()
  }

  async #append({ segment, chunk, values }: SegmentChunk): Promise<void> {
    if (this.#isClosed) return
    try {
      while (!(await segment.append(chunk))) {
        if (await this.#removeOldest()) continue
        this.#options.onDropped(values)
        return this.#fail('the history has a gap, because the disk is full: it goes on when there is room')
      }
      this.#isFailing = false
    } catch (error) {
      this.#options.onDropped(values)
      this.#fail('the history has a gap, because its file cannot be written', error)
    }
  }

  /** The newest is worth more than the oldest, whoever filled the disk. */
  async #removeOldest(): Promise<boolean> {
    const { light } = this.#options
    return (await this.#largest()?.removeOldest()) === true || light.removeOldest()
  }

  #largest(): RingSeries | undefined {
    const heavy = this.#options.heavy().filter(({ segments }) => segments.length > 1)
    return heavy.toSorted((a, b) => b.bytes - a.bytes)[0]
  }

  async #trim(): Promise<void> {
    const { light, seconds, bytes, lightBytes } = this.#options
    const all = [light, ...this.#options.heavy()]
    const newest = Math.max(...all.map(({ segments }) => newestOf(segments)))
    for (const series of all)
      while (series.segments.length > 1 && (series.segments[0]?.to ?? 0) < newest - seconds)
        await series.removeOldest()
    while (light.bytes > lightBytes && (await light.removeOldest()));
    const total = (): number => all.reduce((sum, series) => sum + series.bytes, 0)
    while (total() > bytes && (await this.#largest()?.removeOldest()) === true);
  }

  #fail(sentence: string, cause?: unknown): void {
    if (!this.#isFailing) this.#options.log?.warning(sentence, cause)
    this.#isFailing = true
  }
}

function newestOf(segments: RingSeries['segments']): number {
  return segments.reduce((newest, { to }) => Math.max(newest, to), 0)
}
