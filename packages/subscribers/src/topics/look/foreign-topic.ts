import type { Message } from '@zcast/shared'
import { asRecord } from './message-look.ts'
import { parseJson, printableText } from './part-look.ts'

/** Where the topic of a message of another program was found. */
export interface ForeignTopic {
  /** `''` where there is none. */
  readonly topic: string
  /** Where its content begins: the part, and the byte within that. */
  readonly part: number
  readonly byte: number
}

/** A longer first part is no topic. */
const MAX_TOPIC_BYTES = 255

const NONE: ForeignTopic = { topic: '', part: 0, byte: 0 }

/** A word that other programs use as a topic, before a blank and the rest, or right before JSON. */
const FIRST_WORD = /^([\w./:@$#-]{1,128})(?: (?=\S)|(?=[{[]))/

/**
 * Finds the topic of a message whose format is not known: a first part of text, the name in the header of imagezmq, or
 * the first word of a message of one part (`send_string("weather 72")`, `send(topic + json)`). Bytes that are no text are
 * no topic.
 */
export function findForeignTopic(message: Message): ForeignTopic {
  const [first] = message
  if (!first) return NONE
  const start = first[0]
  const isObject = start === 0x7b || start === 0x5b
  if (message.length > 1 && !isObject) {
    if (first.byteLength > MAX_TOPIC_BYTES) return NONE
    const text = printableText(first)
    return text === undefined ? NONE : { topic: text, part: 1, byte: 0 }
  }
  if (isObject) return message.length > 1 ? findName(first) : NONE
  // The beginning may end within a letter of several bytes; no word that is a topic has any.
  const text = Buffer.from(first.subarray(0, MAX_TOPIC_BYTES)).toString('latin1')
  // oxlint-disable-next-line no-control-regex -- what has them is no text
  if (/[\x00-\x08\x0e-\x1f\x7f]/.test(text)) return NONE
  const [word, topic] = FIRST_WORD.exec(text) ?? []
  return word === undefined || topic === undefined ? NONE : { topic, part: 0, byte: word.length }
}

/** The content of a message, behind its topic. */
export function contentOf(message: Message, { part, byte }: ForeignTopic): Message {
  if (byte === 0) return message.slice(part)
  const [first, ...rest] = message.slice(part)
  return first ? [first.subarray(byte), ...rest] : []
}

/** The name of a camera of imagezmq. */
function findName(header: Uint8Array): ForeignTopic {
  const text = header.byteLength > 4096 ? undefined : printableText(header)
  const name = text === undefined ? undefined : asRecord(parseJson(text))?.['msg']
  return typeof name === 'string' ? { ...NONE, topic: name.slice(0, MAX_TOPIC_BYTES) } : NONE
}
