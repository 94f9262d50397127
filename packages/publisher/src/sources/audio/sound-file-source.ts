import { probeSound, type SoundInfo } from '@zcast/media/audio'
import { ClosedError, type Log, type SoundBlock, Ticker, type TopicShape } from '@zcast/shared'
import type { ClipMoment, ClipTimeline } from '../clip/clip-timeline.ts'
import type { Source, SourceRun } from '../source.ts'
import { standStill } from '../stand-still.ts'
import { FileSound } from './file-sound.ts'
import { SoundShape } from './sound-shape.ts'

/** Options of {@link SoundFileSource.open}. */
export interface SoundFileOptions {
  /** Samples a second to convert to. Default: the file's own. */
  readonly rate?: number | undefined
  /** Channels to mix to. Default: the file's own. */
  readonly channels?: number | undefined
  /** Begin again at the end. Default true. */
  readonly loop?: boolean | undefined
  /** Milliseconds with nobody listening after which ffmpeg is ended. Default 10,000. */
  readonly lingerMs?: number | undefined
  /** The pictures that the sound keeps in step with, while they are sent. Default: none. */
  readonly timeline?: Pick<ClipTimeline, 'momentAt'> | undefined
  /** Where each pass begins: seconds from the file's begin. Default 0. */
  readonly first?: number | undefined
  /** What `probeSound` says of the file, where that is known already. Default: it is looked at. */
  readonly info?: SoundInfo | undefined
  /** Where sound that cannot be read is reported. Default: nowhere. */
  readonly log?: Log | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_LINGER_MS = 10_000

/**
 * The sound of a file, of sound or of video, at its own pace. Stands still, without ffmpeg, while nobody listens. A piece
 * of sound is sent when its last sample is due; with a timeline, each sample has the time of the picture beside it.
 */
export class SoundFileSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes: number
  readonly #name: string
  readonly #shape: SoundShape
  readonly #sound: FileSound
  readonly #lingerMs: number
  #started = false

  private constructor(name: string, shape: SoundShape, sound: FileSound, lingerMs: number) {
    this.#name = name
    this.#shape = shape
    this.#sound = sound
    this.#lingerMs = lingerMs
    this.expectedBytes = shape.bytes
  }

  get shape(): TopicShape {
    const { rate, channels } = this.#shape
    return { rate, channels, format: 's16' }
  }

  /**
   * Opens a file, and decodes a piece of its sound, so that what is wrong with it comes out here.
   *
   * @returns `undefined` for a file without sound.
   * @throws {@link OptionError} when an option is out of range; {@link SourceError} `ERR_SOURCE_MISSING`,
   *   `ERR_SOURCE_UNREADABLE` or `ERR_FFMPEG`; the signal's reason when it aborts.
   */
  static async open(path: string, options: SoundFileOptions = {}): Promise<SoundFileSource | undefined> {
    const { loop = true, lingerMs = DEFAULT_LINGER_MS, timeline, first = 0, log, signal } = options
    const info = options.info ?? (await probeSound(path, { signal }))
    if (!info) return undefined
    const shape = new SoundShape(options.rate ?? info.rate, options.channels ?? info.channels)
    const { duration } = info
    const sound = new FileSound({ path: info.path, name: path, shape, loop, first, duration, timeline, log })
    return new SoundFileSource(path, shape, sound, lingerMs)
  }

  /**
   * Goes where the pictures are about to be, so that its sound is not late when they begin. Resolves when it is there;
   * only while nothing is taken from it.
   */
  prepare(moment: Pick<ClipMoment, 'pass' | 'at'>): Promise<void> {
    return this.#sound.prepare(moment)
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when there is no sound any more; {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    if (this.#started) throw new ClosedError(`the sound of "${this.#name}"`)
    this.#started = true
    const { seconds } = this.#shape
    const ticker = new Ticker(1 / seconds)
    try {
      for (let begun = false; ; begun = true) {
        if (demand.wanted.size === 0 || !begun) {
          const rest = (): Promise<void> => this.#sound.rest()
          await standStill({ demand, signal, lingerMs: this.#lingerMs, rest })
          if (!signal.aborted) await this.#sound.ready()
          ticker.restart()
        }
        const end = await ticker.next(signal)
        if (end === undefined) return
        const data = await this.#sound.take(end - seconds)
        if (!data || signal.aborted) return
        yield this.#shape.block(end - seconds, data)
      }
    } finally {
      await this.#sound.close()
    }
  }
}
