import type { SoundPlayer } from '@zcast/media/audio'
import type { Envelope } from '@zcast/shared'
import { isSound } from '@zcast/shared/internal'
import type { Sink, SinkContext } from '../sink.ts'
import { describeUnplayable } from './describe-unplayable.ts'

/** Options of a {@link SpeakerSink}. */
export interface SpeakerSinkOptions {
  /** Where `PATH` is read. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** Plays sound on the speakers, by ffplay. `write` resolves when ffplay has taken it. */
export class SpeakerSink implements Sink {
  readonly #environment: SpeakerSinkOptions['environment']
  #context: SinkContext | undefined
  #player: SoundPlayer | undefined
  /** What the player plays. */
  #format = ''

  constructor({ environment }: SpeakerSinkOptions = {}) {
    this.#environment = environment
  }

  /** @throws {@link SinkError} `ERR_SINK` when there is no ffplay. */
  async open(context: SinkContext): Promise<void> {
    this.#context = context
    const { SoundPlayer } = await import('@zcast/media/audio')
    await SoundPlayer.check(this.#environment)
  }

  /** @throws {@link SinkError} `ERR_SINK` when ffplay has ended, as where no sound can be played. */
  async write({ topic, retained, block }: Envelope): Promise<void> {
    if (!isSound(block) || retained) return
    const refusal = describeUnplayable(topic, block)
    if (refusal !== undefined) return this.#context?.log?.warning(refusal)
    const { rate, channels, data } = block
    const format = `${rate} ${channels}`
    if (format !== this.#format) {
      await this.#player?.close()
      const { SoundPlayer } = await import('@zcast/media/audio')
      this.#player = await SoundPlayer.open({ rate, channels, environment: this.#environment })
      this.#format = format
    }
    await this.#player?.play(data)
  }

  /** Ends ffplay. May be called twice. */
  async close(): Promise<void> {
    await this.#player?.close()
  }
}
