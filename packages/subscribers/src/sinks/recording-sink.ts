import { extname } from 'node:path'
import { type Envelope, type Frame, OptionError, type SoundBlock } from '@zcast/shared'
import { streamTopicOf } from '@zcast/shared/internal'
import type { RecordingFormat, VideoRecorder } from '@zcast/media'
import type { Sink } from './sink.ts'

/** Messages of sound that are kept until the first picture comes: two seconds of one stream. */
const MOST_EARLY = 100

/** Options of {@link RecordingSink}. */
export interface RecordingSinkOptions {
  /** Ends in `.mp4` (H.264) or `.mkv` (the very JPEG pictures that came, at no cost); must not exist yet. */
  readonly path: string
  /** Called once for each further stream: a recording holds one, the first that came. */
  readonly onIgnored?: ((topic: string) => void) | undefined
  /**
   * Asked once the first picture has come, before it is written: true records the sound of the stream's name beside it,
   * `audio/main` beside `video/main`. Default: no sound.
   */
  readonly hasSound?: (() => Promise<boolean>) | undefined
  /** True for pictures and sound of a recording, which come as fast as they are taken. Default false. */
  readonly isReplay?: boolean | undefined
  /** Told in one sentence when sound that was asked for is not in the file. Default: nobody is. */
  readonly onNotice?: ((sentence: string) => void) | undefined
}

/**
 * Records video to a file at the frames' real times, gaps included; see {@link VideoRecorder} for what it holds. The
 * file plays even when the process is killed. Sound comes by the same `write`, of the same subscriber or another.
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
  /** The sound that came before the first picture. */
  readonly #early: { readonly topic: string; readonly block: SoundBlock }[] = []
  #isToldOfSound = false

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
    const { path, hasSound, isReplay } = this.#options
    this.#recorder = await VideoRecorder.create(path, this.#format, { hasSound, isReplay })
  }

  /** Resolves when ffmpeg has taken it. @throws {@link SinkError} `ERR_SINK` when ffmpeg has ended. */
  async write(envelope: Envelope): Promise<void> {
    const { block } = envelope
    if (block.kind === 'audio') {
      return this.#options.hasSound && !envelope.retained
        ? this.#writeSound(envelope.topic, block)
        : undefined
    }
    if (block.kind !== 'video') return
    const topic = streamTopicOf(envelope)
    this.#topic ??= topic
    if (topic === this.#topic) return this.#writePicture(topic, block)
    if (this.#ignored.has(topic)) return
    this.#ignored.add(topic)
    this.#options.onIgnored?.(topic)
  }

  /** Completes the file, and removes it when no frame came. @throws {@link SinkError} `ERR_SINK` when that fails. */
  async close(): Promise<void> {
    const recorder = this.#recorder
    this.#recorder = undefined
    if (!recorder) return
    const isSilent = this.#topic !== undefined && recorder.takesSound && !recorder.hasHeard
    await recorder.close()
    if (isSilent && this.#options.hasSound)
      this.#options.onNotice?.(
        `no sound came that belongs to ${this.#topic}: ${this.#options.path} is silent`,
      )
  }

  async #writePicture(topic: string, frame: Frame): Promise<void> {
    await this.#recorder?.write(frame)
    const own = soundOf(topic)
    for (const early of this.#early.splice(0))
      if (early.topic === own) await this.#recorder?.writeSound(early.block)
  }

  async #writeSound(topic: string, block: SoundBlock): Promise<void> {
    if (this.#topic === undefined) return this.#keepEarly(topic, block)
    const recorder = this.#recorder
    if (!recorder || topic !== soundOf(this.#topic)) return
    if (recorder.takesSound) return recorder.writeSound(block)
    if (this.#isToldOfSound) return
    this.#isToldOfSound = true
    this.#options.onNotice?.(
      `${topic} came after the recording had begun without sound, and is not in ${this.#options.path}`,
    )
  }

  /** Pictures may be later than their sound. */
  #keepEarly(topic: string, block: SoundBlock): void {
    this.#early.push({ topic, block })
    if (this.#early.length > MOST_EARLY) this.#early.shift()
  }
}

/** The topic of the sound that belongs to a stream of pictures. */
function soundOf(topic: string): string {
  return topic.replace(/^video(?:@[^/]*)?\//, 'audio/')
}

function recordingFormat(path: string): RecordingFormat {
  const extension = extname(path).toLowerCase()
  if (extension === '.mp4') return 'mp4'
  if (extension === '.mkv') return 'mkv'
  throw new OptionError(`a recording is written as .mp4 or .mkv, got "${path}"`)
}
