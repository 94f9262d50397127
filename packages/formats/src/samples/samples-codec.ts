import {
  type Codec,
  CodecError,
  type ColumnLabels,
  type Envelope,
  invalid,
  MAX_MESSAGE_BYTES,
  type Message,
  type NumbersBlock,
  type Rejection,
  UNWANTED,
} from '@zcast/shared'
import { isRefused, textOf } from '../json-header.ts'
import { place } from '../own-keys.ts'
import { StreamNames } from '../stream-name.ts'
import { readSamples } from './read-samples.ts'
import { readTime } from './read-time.ts'
import { SentLabels } from './sent-labels.ts'

/** How the value of a message is written. */
export interface Notation {
  readonly name: string
  /** Writes rows of numbers. */
  write(envelope: Envelope, block: NumbersBlock, labels: ColumnLabels): Uint8Array
  /** Reads an untrusted value. */
  read(payload: Uint8Array): { readonly value: unknown } | Rejection
  /** True when a third part may hold the time, as text. Default false. */
  readonly hasTimePart?: boolean
  /** Takes the topic off a message of one part that begins with it. Default: one part has no topic. */
  split?(part: Uint8Array): Message
}

/** Numbers as hand-written programs send them: a topic and a value, or the value alone. */
export class SamplesCodec implements Codec {
  readonly hasLanes = false
  readonly isNumbered = false
  readonly #notation: Notation
  readonly #names = new StreamNames('numbers')
  readonly #labels = new SentLabels()

  constructor(notation: Notation) {
    this.#notation = notation
  }

  /** Other programs name their topics as they like, so that a subscriber has to look at all of them. */
  prefixes(subscription: string): readonly string[] {
    return [subscription, '']
  }

  encode(envelope: Envelope): Message {
    const { topic, block } = envelope
    const { name } = this.#notation
    if (block.kind !== 'numbers')
      throw new CodecError('ERR_VALUE', `${name} carries numbers only: send ${topic} in another format`)
    const payload = this.#notation.write(envelope, block, this.#labels.of(envelope, block))
    if (payload.byteLength > MAX_MESSAGE_BYTES) {
      throw new CodecError(
        'ERR_MESSAGE_SIZE',
        `a message of ${payload.byteLength} bytes on ${topic} is over the limit of ${MAX_MESSAGE_BYTES}: send fewer values`,
      )
    }
    return [Buffer.from(topic), payload]
  }

  decode(message: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    const [first] = message
    const parts = message.length === 1 && first ? (this.#notation.split?.(first) ?? message) : message
    const most = this.#notation.hasTimePart ? 3 : 2
    const [head, payload = head, timePart] = parts
    if (parts.length > most || !head || !payload) return invalid('the message is not a topic and a value')
    const topic = this.#names.topicOf(parts.length === 1 ? undefined : textOf(head))
    if (wants && !wants(topic)) return UNWANTED
    const read = this.#notation.read(payload)
    const samples = isRefused(read) ? read : readSamples(read.value)
    if (isRefused(samples)) return { ...samples, topic }
    const time = timePart && readTime({ time: Number(textOf(timePart)) })
    return place(topic, time === undefined ? samples.placement : { time }, samples.block)
  }
}
