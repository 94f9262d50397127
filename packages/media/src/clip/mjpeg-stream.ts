import { SourceError } from '@zcast/shared'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import { startFfmpeg, type RunningFfmpeg } from '../ffmpeg/ffmpeg.ts'
import { failureReason, isCutShort } from '../ffmpeg/failure-reason.ts'
import { findFfmpeg, type Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { ffmpegQualityOptions } from '../jpeg/jpeg-quality.ts'
import { STAMP_FILTERS, STAMP_OPTIONS, StampReader } from './picture-stamps.ts'
import { SmjpegSplitter } from './smjpeg-splitter.ts'

/** Options of {@link openMjpegStream}. */
export interface MjpegStreamOptions {
  /** The argument of `-i`; for a file, see {@link localInput}. */
  readonly input: string
  /** The input's name in errors. */
  readonly name: string
  /** The number of the stream in the input. Default: the first video that is not a cover picture. */
  readonly stream?: number | undefined
  /** Options before `-i`; formats as plain `-f`. */
  readonly inputOptions?: readonly string[] | undefined
  /** Joined by commas for `-vf`; see {@link pictureFilters}. */
  readonly filters?: readonly string[] | undefined
  /** Further options before the output, such as `-frames:v 10`. */
  readonly outputOptions?: readonly string[] | undefined
  /** 1 to 100, libjpeg's scale. Default 80. */
  readonly quality?: number | undefined
  /**
   * Passes the pictures of an MJPEG input on without decoding them: byte for byte, or with the standard Huffman tables
   * added where they are missing. Default: encode.
   */
  readonly copy?: 'as-is' | 'with-tables' | undefined
  /** Called after the last picture when the input holds less than its index lists. */
  readonly onCutShort?: (() => void) | undefined
  /** Aborting it ends the stream, as {@link MjpegStream.close} does. */
  readonly signal?: AbortSignal | undefined
}

/** A picture of a clip and its time. */
export interface TimedJpeg {
  /** Seconds, to 0.1 ms (1 ms where pictures are copied), in ffmpeg's time. May repeat or go back. */
  readonly time: number
  /** One JPEG picture; `undefined` for one over 16 MiB, which is left out. */
  readonly jpeg: Uint8Array | undefined
}

/** A running conversion to JPEG pictures. */
export interface MjpegStream {
  /** The pid of ffmpeg. */
  readonly pid: number
  /**
   * The pictures in order; iterate once. ffmpeg waits while none is taken (apart from the pipe's own 64 KiB, and the
   * pictures completed by one read of it). Leaving the loop closes the stream.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` after the last good picture, when ffmpeg failed.
   */
  pictures(): AsyncIterable<TimedJpeg>
  /** Ends ffmpeg, and resolves when its process has exited. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts ffmpeg to decode a video, each picture once and with its own time, to full-range JPEG pictures of one size.
 * When the size or format changes midway, it fails after the last picture before the change.
 *
 * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg; the signal's reason when it was already aborted.
 */
export async function openMjpegStream(options: MjpegStreamOptions): Promise<MjpegStream> {
  const { input, filters = [], signal } = options
  const ffmpeg = await findFfmpeg()
  signal?.throwIfAborted()
  const running = await startFfmpeg(ffmpeg.path, {
    input,
    inputOptions: ['-hide_banner', '-nostdin', '-loglevel', 'error', ...(options.inputOptions ?? [])],
    outputOptions: [
      '-map',
      options.stream === undefined ? '0:V:0' : `0:${options.stream}`,
      // The file's own metadata is not needed here, and may be long.
      '-map_metadata',
      '-1',
      ...(options.copy ? copyOptions(options.copy) : encodeOptions(ffmpeg, filters, options.quality ?? 80)),
      ...(options.outputOptions ?? []),
      '-avoid_negative_ts',
      'disabled',
      '-f',
      'smjpeg',
    ],
  })
  return new RunningMjpegStream(running, options)
}

function copyOptions(copy: 'as-is' | 'with-tables'): string[] {
  return ['-c:v', 'copy', ...(copy === 'with-tables' ? ['-bsf:v', 'mjpeg2jpeg'] : [])]
}

function encodeOptions(ffmpeg: Ffmpeg, filters: readonly string[], quality: number): string[] {
  const before = [
    ...ffmpeg.passthroughOptions,
    '-vf',
    [...filters, ...STAMP_FILTERS].join(','),
    ...STAMP_OPTIONS,
  ]
  // Optimal Huffman tables need a second pass over every picture; -strict -1 allows full range outside the j formats.
  const encoder = ['-c:v', 'mjpeg', '-huffman', 'default', '-color_range', 'pc', '-strict', '-1']
  return [...before, ...encoder, ...ffmpegQualityOptions(quality)]
}

class RunningMjpegStream implements MjpegStream {
  readonly #running: RunningFfmpeg
  readonly #options: MjpegStreamOptions
  readonly #onAbort = (): void => void this.close()
  #closed = false

  constructor(running: RunningFfmpeg, options: MjpegStreamOptions) {
    this.#running = running
    this.#options = options
    if (options.signal?.aborted) this.#onAbort()
    else options.signal?.addEventListener('abort', this.#onAbort)
  }

  get pid(): number {
    return this.#running.pid
  }

  async *pictures(): AsyncGenerator<TimedJpeg> {
    const splitter = new SmjpegSplitter()
    const stamps = new StampReader(this.#options.copy !== undefined)
    try {
      for await (const chunk of this.#running.output) {
        for (const { stamp, jpeg } of splitter.push(chunk)) {
          if (this.#closed) return
          const time = stamps.seconds(stamp)
          if (time === undefined) throw this.#changed()
          yield { time, jpeg }
        }
      }
      if (this.#closed) return
      const exit = await this.#running.exited
      if (exit.code !== 0 || splitter.truncated) await this.#fail(exit)
      else if (isCutShort(exit.lastLines)) this.#options.onCutShort?.()
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    this.#closed = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    return this.#running.kill()
  }

  #changed(): SourceError {
    const reason = 'its pictures change their size or format'
    return new SourceError('ERR_SOURCE_FAILED', `ffmpeg stopped reading "${this.#options.name}": ${reason}`)
  }

  /** Throws, unless the stream is being stopped. */
  async #fail(exit: ProcessExit): Promise<void> {
    // Ctrl-C reaches ffmpeg too, and may end it before this process's own handler aborts: then nothing has failed.
    if (await abortsSoon(this.#options.signal)) return
    const { name, input } = this.#options
    const reason = failureReason(exit.lastLines, input) ?? `exit status ${exit.code ?? exit.signal}`
    throw new SourceError('ERR_SOURCE_FAILED', `ffmpeg stopped reading "${name}": ${reason}`)
  }
}

const ABORT_GRACE_MS = 250

async function abortsSoon(signal: AbortSignal | undefined): Promise<boolean> {
  if (!signal || signal.aborted) return signal !== undefined
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve(signal.aborted)
    }
    const timer = setTimeout(done, ABORT_GRACE_MS)
    signal.addEventListener('abort', done)
  })
}
