import type { BlockKind, Message, TopicShape } from '@zcast/shared'
import { unpackMsgpack } from '@zcast/shared/internal'
import { contentOf, findForeignTopic, type ForeignTopic } from './look/foreign-topic.ts'
import { asRecord, lookAtContent, type MessageLook } from './look/message-look.ts'
import { lookAtPart } from './look/part-look.ts'
import { OwnReader } from './own-reader.ts'
import type { Sighting, SightReader } from './sighting.ts'

/** Topics of other programs whose first part is remembered; further ones are read each time. */
const MAX_KNOWN = 256

/** A longer first part is read each time. */
const MAX_REMEMBERED_BYTES = 64

/** Reads any message: those of the wire format by their header, those of other programs by their shape. */
export class AnyReader implements SightReader {
  readonly #own = new OwnReader()
  readonly #known = new Map<string, ForeignTopic>()
  #lastPart: Uint8Array = new Uint8Array()
  #lastTopic = ''
  /** The first word of a message of one part, and the blank behind it. */
  #lastWord: Uint8Array = new Uint8Array()
  #lastWordTopic = ''

  sight(message: Message): Sighting | undefined {
    let bytes = 0
    for (const part of message) bytes += part.byteLength
    const [first] = message
    // Most messages begin as the one before: that it is no topic of the wire format is known then.
    if (first && message.length > 1 && isSame(first, this.#lastPart))
      return { topic: this.#lastTopic, values: 1, bytes, isOwn: false }
    if (first && message.length === 1) return { topic: this.#wordOf(first), values: 1, bytes, isOwn: false }
    const own = this.#own.sight(message, bytes)
    if (own === 'no value') return undefined
    if (own) return own
    const { topic } = this.#foreignTopic(message)
    if (first && first.byteLength <= MAX_REMEMBERED_BYTES && this.#own.kindOf(first) === undefined) {
      this.#lastPart = Uint8Array.from(first)
      this.#lastTopic = topic
    }
    return { topic, values: 1, bytes, isOwn: false }
  }

  look(message: Message): MessageLook {
    const kind = message[0] && this.#own.kindOf(message[0])
    const isOwn = kind !== undefined && typeof this.#own.sight(message, 0) === 'object'
    return isOwn ? lookAtOwn(kind, message) : lookAtContent(contentOf(message, findForeignTopic(message)))
  }

  /** The topic of a message of one part, which is its first word. */
  #wordOf(part: Uint8Array): string {
    const word = this.#lastWord
    if (word.byteLength > 0 && part.byteLength > word.byteLength && beginsWith(part, word))
      return this.#lastWordTopic
    const { topic, byte } = findForeignTopic([part])
    // Only behind a blank is a longer word another topic.
    if (byte > topic.length) {
      this.#lastWord = Uint8Array.from(part.subarray(0, byte))
      this.#lastWordTopic = topic
    }
    return topic
  }

  #foreignTopic(message: Message): ForeignTopic {
    const [first] = message
    if (!first || first.byteLength > MAX_REMEMBERED_BYTES) return findForeignTopic(message)
    const key = Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString('latin1')
    const known = this.#known.get(key)
    if (known) return known
    const found = findForeignTopic(message)
    if (this.#known.size < MAX_KNOWN) this.#known.set(key, found)
    return found
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && beginsWith(a, b)
}

function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let index = 0; index < start.byteLength; index++) if (bytes[index] !== start[index]) return false
  return true
}

/** The levels of nesting within a header. */
const HEADER_DEPTH = 4

function lookAtOwn(kind: BlockKind, message: Message): MessageLook {
  const header = asRecord(unpackMsgpack(message[1] ?? new Uint8Array(), HEADER_DEPTH)) ?? {}
  const shape = readShape(kind, header)
  return {
    format: 'zcast',
    kind,
    parts: message.slice(1).map(lookAtPart),
    shape,
    description: describeShape(kind, shape),
  }
}

function readShape(kind: BlockKind, header: Readonly<Record<string, unknown>>): TopicShape {
  const number = (name: string): number | undefined =>
    typeof header[name] === 'number' ? header[name] : undefined
  const texts = (name: string): string[] | undefined => {
    const list = header[name]
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined
  }
  const format = typeof header['format'] === 'string' ? header['format'] : undefined
  if (kind === 'video') return { width: number('width'), height: number('height'), format }
  if (kind === 'chat') return {}
  if (kind === 'audio' || kind === 'voice')
    return { rate: number('rate'), channels: number('channels'), format: format ?? 's16' }
  const values = header['values']
  const columns = Array.isArray(values) ? values.length : number('columns')
  return { columns, names: texts('names'), units: texts('units') }
}

/** What the values of a topic look like, for people; `''` while that is unknown. */
export function describeShape(kind: BlockKind, shape: TopicShape): string {
  const { columns, names, units, width, height, rate, channels, format } = shape
  if (kind === 'video') return width === undefined ? '' : `${width}x${height} ${(format ?? '').toUpperCase()}`
  if (kind === 'chat') return 'what people say'
  if (kind === 'audio' || kind === 'voice')
    return rate === undefined
      ? ''
      : `${rate} Hz, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`}, ${format}`
  if (names)
    return names.map((name, index) => (units?.[index] ? `${name} (${units[index]})` : name)).join(', ')
  return columns === undefined ? '' : `${columns} ${columns === 1 ? 'value' : 'values'}`
}
