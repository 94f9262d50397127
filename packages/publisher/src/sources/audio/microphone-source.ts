import { microphoneInput, openPcm } from '@zcast/media/audio'
import { ClosedError, type Log, type SoundBlock, wallClock } from '@zcast/shared'
import { pause } from '@zcast/shared/internal'
import { RetryDelay } from '../live/retry-delay.ts'
import type { Source, SourceRun } from '../source.ts'
import { PcmReader } from './pcm-reader.ts'
import { SampleClock } from './sample-clock.ts'
import type { SoundShape } from './sound-shape.ts'

/** A microphone, opened while somebody listens. */
export class MicrophoneSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes: number
  readonly #device: string
  readonly #shape: SoundShape
  readonly #log: Log | undefined
  readonly #retry: RetryDelay
  #started = false

  /**
   * @param device - As `zcast devices` names it; `''` is the system's own choice.
   * @param log - Told when it ends, before it is opened again. Default: nobody is.
   * @param firstRetryMs - The wait before it is opened again, in milliseconds; it doubles up to 30 s. Default 1000.
   */
  constructor(device: string, shape: SoundShape, log?: Log, firstRetryMs?: number) {
    this.#device = device
    this.#shape = shape
    this.#log = log
    this.#retry = new RetryDelay(firstRetryMs)
    this.expectedBytes = shape.bytes
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when it cannot be opened, or goes; {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    if (this.#started) throw new ClosedError('the microphone')
    this.#started = true
    while (!signal.aborted) {
      await demand.untilWanted(signal)
      if (!signal.aborted) yield* this.#record({ signal, demand })
    }
  }

  /** Until nobody listens any more, or a while after it has ended. */
  async *#record({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    const shape = this.#shape
    const { rate, channels, frameBytes } = shape
    const input = await microphoneInput(this.#device)
    const name = this.#device === '' ? 'mic' : `mic:${this.#device}`
    let hasEnded = false
    const describeFailure = (reason: string): string =>
      `cannot record from "${name}" (ffmpeg says: ${reason}): check that it is plugged in, or choose one that "zcast devices" lists`
    const options = { name, input, rate, channels, describeFailure }
    const reader = new PcmReader(frameBytes, (stop) => openPcm(options, stop))
    const onAbort = (): void => void reader.close()
    signal.addEventListener('abort', onAbort)
    const clock = new SampleClock(rate)
    try {
      while (demand.wanted.size > 0) {
        const data = new Uint8Array(shape.bytes)
        const bytes = await reader.read(data)
        if (signal.aborted) return
        hasEnded = bytes === 0
        if (hasEnded) break
        this.#retry.reset()
        yield shape.block(clock.firstOf(bytes / frameBytes, wallClock()), data.subarray(0, bytes))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      await reader.close()
    }
    if (!hasEnded) return
    const delayMs = this.#retry.take()
    this.#log?.error(
      `"${name}" has ended; trying again in ${delayMs / 1000} s`,
      undefined,
      `${name} has ended`,
    )
    await pause(delayMs, signal)
  }
}
