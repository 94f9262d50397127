import { ClosedError, type SoundBlock, Ticker } from '@zcast/shared'
import type { Source, SourceRun } from '../source.ts'
import { PcmReader } from './pcm-reader.ts'
import type { SoundShape } from './sound-shape.ts'

/** Options of a {@link SoundStreamSource}. */
export interface SoundStreamOptions {
  readonly shape: SoundShape
  /** Opens the samples, once. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Uint8Array>
  /** Wait for the first listener before anything is opened. Default false: it begins at once. */
  readonly waits?: boolean | undefined
}

/** Who gives samples later than this is not caught up with by a burst. */
const MAX_LATE_MS = 200

/**
 * Samples that somebody else makes, as through a pipe, at their own pace and no faster. They are read on while nobody
 * listens, so that whoever joins hears what is now.
 */
export class SoundStreamSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes: number
  readonly #options: SoundStreamOptions
  #started = false

  constructor(options: SoundStreamOptions) {
    this.#options = options
    this.expectedBytes = options.shape.bytes
  }

  /** Ends with the samples. @throws {@link SourceError} when they cannot be read; {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    if (this.#started) throw new ClosedError('the sound')
    this.#started = true
    const { shape, open, waits = false } = this.#options
    if (waits) await demand.untilWanted(signal)
    if (signal.aborted) return
    const ticker = new Ticker(1 / shape.seconds, { maxLateMs: MAX_LATE_MS })
    const reader = new PcmReader(shape.frameBytes, open)
    const onAbort = (): void => void reader.close()
    signal.addEventListener('abort', onAbort)
    try {
      for (;;) {
        const data = new Uint8Array(shape.bytes)
        const bytes = await reader.read(data)
        if (bytes === 0 || signal.aborted) return
        const end = await ticker.next(signal)
        if (end === undefined) return
        if (demand.wanted.size > 0) yield shape.block(end - shape.seconds, data.subarray(0, bytes))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      await reader.close()
    }
  }
}
