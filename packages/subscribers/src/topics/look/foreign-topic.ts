import type { Message } from '@zcast/shared'
import { asRecord } from './message-look.ts'
import { parseJson, printableText } from './part-look.ts'

/** Where the topic of a message of another program was found. */
export interface ForeignTopic {
  /** `''` where there is none. */
  readonly topic: string
  /** True when it is the whole first part. */
  readonly isPart: boolean
}

/** A longer first part is no topic. */
const MAX_TOPIC_BYTES = 255

const NONE: ForeignTopic = { topic: '', isPart: false }

/** A word that other programs use as a topic, before a blank and the rest. */
const FIRST_WORD = /^([\w./:@$#-]{1,128}) (?=\S)/

/**
 * Finds the topic of a message whose format is not known: a first part of text, the name in the header of imagezmq, or
 * the first word of a message of one part (`send_string("weather 72")`). Bytes that are no text are no topic.
 */
export function findForeignTopic(message: Message): ForeignTopic {
  const [first] = message
  if (!first) return NONE
  const start = first[0]
  const isObject = start === 0x7b || start === 0x5b
  if (message.length > 1 && !isObject) {
    if (first.byteLength > MAX_TOPIC_BYTES) return NONE
    const text = printableText(first)
    return text === undefined ? NONE : { topic: text, isPart: true }
  }
  if (isObject) return message.length > 1 ? findName(first) : NONE
  const text = printableText(first.subarray(0, MAX_TOPIC_BYTES)) ?? ''
  const word = FIRST_WORD.exec(text)?.[1]
  return word === undefined ? NONE : { topic: word, isPart: false }
}

/** The name of a camera of imagezmq. */
function findName(header: Uint8Array): ForeignTopic {
  const text = header.byteLength > 4096 ? undefined : printableText(header)
  const name = text === undefined ? undefined : asRecord(parseJson(text))?.['msg']
  return typeof name === 'string' ? { topic: name.slice(0, MAX_TOPIC_BYTES), isPart: false } : NONE
}
