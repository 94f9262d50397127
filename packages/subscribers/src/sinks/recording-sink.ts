import { extname } from 'node:path'
import { type Envelope, OptionError } from '@zcast/shared'
import { streamTopicOf } from '@zcast/shared/internal'
import type { RecordingFormat, VideoRecorder } from '@zcast/media'
import type { Sink } from './sink.ts'

/** Options of {@link RecordingSink}. */
export interface RecordingSinkOptions {
  /** Ends in `.mp4` (H.264) or `.mkv` (the very JPEG pictures that came, at no cost); must not exist yet. */
  readonly path: string
  /** Called once for each further stream: a recording holds one, the first that came. */
  readonly onIgnored?: ((topic: string) => void) | undefined
}

/**
 * Records video to a file at the frames' real times, gaps included; see {@link VideoRecorder} for what it holds. The
 * file plays even when the process is killed.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Subscriber } from '@zcast/subscribers'
 * import { RecordingSink } from '@zcast/subscribers/pictures'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'recording-'))
 * const connect = 'tcp://127.0.0.1:5557'
 * const subscriber = await Subscriber.open({ connect, topics: ['video/main'], delivery: 'all' })
 * const sink = new RecordingSink({ path: join(folder, 'clip.mp4') })
 * await subscriber.run(sink, { signal: AbortSignal.timeout(100) })
 * await subscriber.close()
 * ```
 */
export class RecordingSink implements Sink {
  readonly #options: RecordingSinkOptions
  readonly #format: RecordingFormat
  readonly #ignored = new Set<string>()
  #recorder: VideoRecorder | undefined
  #topic: string | undefined

  /** @throws {@link OptionError} `ERR_OPTION` when the file's name ends in neither `.mp4` nor `.mkv`. */
  constructor(options: RecordingSinkOptions) {
    this.#options = options
    this.#format = recordingFormat(options.path)
  }

  /**
   * Makes the file.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg.
   */
  async open(): Promise<void> {
    const { VideoRecorder } = await import('@zcast/media')
    this.#recorder = await VideoRecorder.create(this.#options.path, this.#format)
  }

  /** Resolves when ffmpeg has taken the frame. @throws {@link SinkError} `ERR_SINK` when ffmpeg has ended. */
  async write(envelope: Envelope): Promise<void> {
    const { block } = envelope
    if (block.kind !== 'video') return
    const topic = streamTopicOf(envelope)
    this.#topic ??= topic
    if (topic === this.#topic) return this.#recorder?.write(block)
    if (this.#ignored.has(topic)) return
    this.#ignored.add(topic)
    this.#options.onIgnored?.(topic)
  }

  /** Completes the file, and removes it when no frame came. @throws {@link SinkError} `ERR_SINK` when that fails. */
  async close(): Promise<void> {
    await this.#recorder?.close()
  }
}

function recordingFormat(path: string): RecordingFormat {
  const extension = extname(path).toLowerCase()
  if (extension === '.mp4') return 'mp4'
  if (extension === '.mkv') return 'mkv'
  throw new OptionError(`a recording is written as .mp4 or .mkv, got "${path}"`)
}
