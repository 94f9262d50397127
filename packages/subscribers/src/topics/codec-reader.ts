import { type Codec, isRejection, type Message, type TopicShape, valueCount } from '@zcast/shared'
import { describeShape } from './any-reader.ts'
import { lookAtContent, type MessageLook } from './look/message-look.ts'
import type { Sighting, SightReader } from './sighting.ts'

/** Reads messages of a format that is known, by its codec. */
export class CodecReader implements SightReader {
  readonly #codec: Codec
  readonly #format: string

  /** @param format - The format's name, for people. */
  constructor(codec: Codec, format: string) {
    this.#codec = codec
    this.#format = format
  }

  sight(message: Message): Sighting | undefined {
    const envelope = this.#codec.decode(message)
    if (isRejection(envelope) || envelope.answer) return undefined
    const { topic, epoch, retained, withheld, arrivalTime, block } = envelope
    let bytes = 0
    for (const part of message) bytes += part.byteLength
    return {
      topic,
      values: valueCount(block),
      bytes,
      epoch,
      seq: block.seq,
      time: arrivalTime ? undefined : block.time,
      interval: block.kind === 'numbers' ? block.interval : undefined,
      retained,
      withheld,
      isOwn: true,
    }
  }

  prefixes(topic: string): readonly string[] {
    return this.#codec.prefixes(topic)
  }

  look(message: Message): MessageLook {
    const look = lookAtContent(message)
    const envelope = this.#codec.decode(message)
    if (isRejection(envelope)) return { ...look, format: this.#format }
    const { block } = envelope
    const { kind } = block
    const shape: TopicShape = kind === 'chat' ? {} : block
    const description = describeShape(kind, shape)
    return { ...look, format: this.#format, kind, shape, description }
  }
}
