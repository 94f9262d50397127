import {
  type Block,
  checkReceivedJpeg,
  type Codec,
  CodecError,
  type Envelope,
  invalid,
  isRejection,
  type Message,
  parseTopic,
  type Rejection,
  UNWANTED,
  wallClock,
} from '@zcast/shared'

/** Numbers of a hand-written script: one part, a topic of its own, a blank, and a JSON array. */
export class JsonLineCodec implements Codec {
  readonly hasLanes = false

  prefixes(subscription: string): readonly string[] {
    const stream = parseTopic(subscription)?.stream
    return [stream === undefined ? '' : `${stream} `]
  }

  encode({ topic, block }: Envelope): Message {
    if (block.kind !== 'numbers') throw new CodecError('ERR_MESSAGE_SIZE', 'only numbers travel as JSON')
    return [Buffer.from(`${parseTopic(topic)?.stream} ${JSON.stringify([...block.data])}`)]
  }

  decode([part]: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    const text = Buffer.from(part ?? []).toString()
    const topic = `numbers/${text.slice(0, Math.max(text.indexOf(' '), 0))}`
    if (!parseTopic(topic)) return invalid('there is no topic')
    if (wants && !wants(topic)) return UNWANTED
    const values = readJson(text.slice(text.indexOf(' ') + 1))
    if (!Array.isArray(values) || !values.every((value) => Number.isFinite(value)))
      return { ...invalid('it is no array of numbers'), topic }
    const data = Float64Array.from(values)
    return unnumbered(topic, { kind: 'numbers', time: wallClock(), rows: 1, columns: data.length, data })
  }
}

/** Pictures as imagezmq sends them: no topic, but JSON with the name of the camera, and a JPEG. */
export class NamedPictureCodec implements Codec {
  readonly hasLanes = false

  prefixes(): readonly string[] {
    return ['']
  }

  encode({ topic, block }: Envelope): Message {
    return [Buffer.from(JSON.stringify({ msg: parseTopic(topic)?.stream })), block.data as Uint8Array]
  }

  decode([head, data]: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    const { msg } = (readJson(Buffer.from(head ?? []).toString()) ?? {}) as { msg?: unknown }
    if (typeof msg !== 'string' || !data) return invalid('it is no named picture')
    const topic = `video/${msg.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`
    if (wants && !wants(topic)) return UNWANTED
    const size = checkReceivedJpeg(data)
    if ('rejected' in size) return { ...size, topic }
    return unnumbered(topic, { kind: 'video', time: wallClock(), ...size, format: 'jpeg', data })
  }
}

/** Both at once, told apart by what a message begins with. */
export class MixedCodec implements Codec {
  readonly hasLanes = false
  readonly #numbers = new JsonLineCodec()
  readonly #pictures = new NamedPictureCodec()

  prefixes(subscription: string): readonly string[] {
    return this.#codecOf(subscription).prefixes(subscription)
  }

  encode(envelope: Envelope): Message {
    return this.#codecOf(envelope.topic).encode(envelope)
  }

  decode(message: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    const pictures = this.#pictures.decode(message, wants)
    return isRejection(pictures) && pictures.topic === undefined && pictures !== UNWANTED
      ? this.#numbers.decode(message, wants)
      : pictures
  }

  #codecOf(topic: string): Codec {
    return topic.startsWith('video') ? this.#pictures : this.#numbers
  }
}

/** Neither format says when a value is of, or which it is. */
function unnumbered(topic: string, block: Block): Envelope {
  return { topic, arrivalTime: true, block }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
