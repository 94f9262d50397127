import type { OpusSound } from '@zcast/media/audio'
import type { Envelope } from '@zcast/shared'
import { errorMessage, isSound } from '@zcast/shared/internal'
import type { Sink, SinkContext } from '../sink.ts'

/** Streams whose sound is decoded at the same time, each by 0.7 MB of its own; that of further ones is left out. */
const MOST_STREAMS = 16

/** Hands on sound of any format as 16-bit samples, and everything else as it is. */
export class DecodedSink implements Sink {
  readonly #sink: Sink
  readonly #decoders = new Map<string, OpusSound>()
  #context: SinkContext | undefined

  constructor(sink: Sink) {
    this.#sink = sink
  }

  open(context: SinkContext): Promise<void> {
    this.#context = context
    return this.#sink.open(context)
  }

  write(envelope: Envelope): Promise<void> | void {
    const { block } = envelope
    return isSound(block) && block.format === 'opus' ? this.#decode(envelope) : this.#sink.write(envelope)
  }

  async close(): Promise<void> {
    await this.#sink.close()
    for (const decoder of this.#decoders.values()) decoder.close()
    this.#decoders.clear()
  }

  async #decode(envelope: Envelope): Promise<void> {
    const { topic, retained, block } = envelope
    if (!isSound(block) || retained) return
    const decoder = await this.#decoderOf(topic)
    if (!decoder)
      return this.#warn(`${topic} is not decoded: ${MOST_STREAMS} streams of Opus are already`, topic)
    const decoded = await decoder.decode(block).catch((error: unknown) => {
      this.#warn(`${topic}: ${errorMessage(error)}`, topic, error)
    })
    if (decoded) await this.#sink.write({ ...envelope, block: decoded })
  }

  async #decoderOf(topic: string): Promise<OpusSound | undefined> {
    const known = this.#decoders.get(topic)
    if (known || this.#decoders.size >= MOST_STREAMS) return known
    const { OpusSound } = await import('@zcast/media/audio')
    const decoder = new OpusSound()
    this.#decoders.set(topic, decoder)
    return decoder
  }

  #warn(sentence: string, topic: string, cause?: unknown): void {
    this.#context?.log?.warning(sentence, cause, `undecoded ${topic}`)
  }
}
