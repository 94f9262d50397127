import type { Message } from '@zcast/shared'
import { HeaderPeek, MAX_TOPIC_BYTES, msgpack } from '@zcast/shared/internal'
import { headers, type MsgHdrs } from './nats-library.ts'

/** A message as NATS carries it. */
export interface NatsBody {
  readonly body: Uint8Array
  readonly headers: MsgHdrs
  /** What tells it from all others, without its part. */
  readonly id: string
}

/** A message of another program, in place of its header: the codec calls it unsupported. */
const FOREIGN = new (msgpack().Packr)({ useRecords: false }).pack({ v: 0 })

/** The most parts of a multipart message. */
const MAX_PARTS = 16

/** In place of the sizes of a message that is a topic alone: NATS has no empty headers. */
const NO_PARTS = 'none'

/** True when a message has no more parts than are put together again. */
export function canCarry(message: Message): boolean {
  return message.length - 1 <= MAX_PARTS
}

/**
 * Converts messages to what NATS carries and back: the parts behind the topic directly follow each other. A header of
 * the wire format ends by itself; where the parts are others, their sizes are in `Zc-Sizes`.
 */
export class BodyCodec {
  readonly #peek = new HeaderPeek()
  /** Tells messages apart that have no number. */
  #count = 0
  readonly #token: string

  /** @param token - What tells this publisher from all others. */
  constructor(token: string) {
    this.#token = token
  }

  /** @param topic - That of the message. */
  encode(topic: string, message: Message): NatsBody {
    const parts = message.slice(1)
    const [header = new Uint8Array(), ...attachments] = parts
    const fields = this.#peek.readFirst(header)
    const isOwn = fields !== undefined && this.#peek.byteLength === header.byteLength
    const hdrs = headers()
    if (isOwn && fields.epoch !== undefined) hdrs.set('Zc-Epoch', String(fields.epoch))
    if (isOwn && fields.seq !== undefined) hdrs.set('Zc-Seq', String(fields.seq))
    if (isOwn && fields.time !== undefined) hdrs.set('Zc-Time', String(fields.time))
    if (isOwn) hdrs.set('Zc-Hops', String(fields.hops ?? 0))
    const isPlain =
      isOwn && (attachments.length === 0 || (attachments.length === 1 && attachments[0]?.byteLength !== 0))
    if (!isPlain) hdrs.set('Zc-Sizes', parts.map(({ byteLength }) => byteLength).join(',') || NO_PARTS)
    const id =
      isOwn && fields.epoch !== undefined && fields.seq !== undefined
        ? `${fields.epoch}:${topic}:${fields.seq}`
        : `${this.#token}:${topic}:${(this.#count += 1)}`
    return { body: parts.length === 1 ? header : Buffer.concat(parts), headers: hdrs, id }
  }

  /** Any byte may be hostile. */
  decode(topic: string, body: Uint8Array, hdrs: MsgHdrs | undefined): Message {
    const topicPart = topicBytes(topic)
    const sizes = hdrs?.get('Zc-Sizes')
    if (sizes) {
      const parts = cut(body, sizes)
      if (parts) return [topicPart, ...parts]
    }
    if (!this.#peek.readFirst(body)) return [topicPart, FOREIGN]
    const end = this.#peek.byteLength
    return end === body.byteLength
      ? [topicPart, body]
      : [topicPart, body.subarray(0, end), body.subarray(end)]
  }
}

/** @returns `undefined` when the sizes are none, or not those of the body. */
function cut(body: Uint8Array, sizes: string): Uint8Array[] | undefined {
  if (sizes === NO_PARTS) return body.byteLength === 0 ? [] : undefined
  const lengths = sizes.split(',', MAX_PARTS + 1)
  if (lengths.length > MAX_PARTS || !lengths.every((length) => /^\d{1,10}$/.test(length))) return undefined
  let at = 0
  const parts = lengths.map((length) => body.subarray(at, (at += Number(length))))
  return at === body.byteLength ? parts : undefined
}

let lastTopic = ''
let lastBytes: Uint8Array = new Uint8Array()

/** Nearly every message has the topic of the one before. */
function topicBytes(topic: string): Uint8Array {
  if (topic !== lastTopic || topic.length > MAX_TOPIC_BYTES) {
    lastTopic = topic
    lastBytes = Buffer.from(topic, 'latin1')
  }
  return lastBytes
}
