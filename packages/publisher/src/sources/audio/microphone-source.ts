import { microphoneInput, openPcm } from '@zcast/media/audio'
import { ClosedError, type SoundBlock, wallClock } from '@zcast/shared'
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
  #started = false

  /** @param device - As `zcast devices` names it; `''` is the system's own choice. */
  constructor(device: string, shape: SoundShape) {
    this.#device = device
    this.#shape = shape
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

  /** Until nobody listens any more. */
  async *#record({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    const shape = this.#shape
    const { rate, channels, frameBytes } = shape
    const input = await microphoneInput(this.#device)
    const name = this.#device === '' ? 'mic' : `mic:${this.#device}`
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
        if (bytes === 0 || signal.aborted) return
        yield shape.block(clock.firstOf(bytes / frameBytes, wallClock()), data.subarray(0, bytes))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      await reader.close()
    }
  }
}
