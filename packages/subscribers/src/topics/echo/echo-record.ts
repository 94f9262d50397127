import { type Codec, type Envelope, isRejection, type Message, type NumbersBlock } from '@zcast/shared'
import { isSound } from '@zcast/shared/internal'
import { contentOf, findForeignTopic } from '../look/foreign-topic.ts'
import { asRecord } from '../look/message-look.ts'
import type { PartLook } from '../look/part-look.ts'
import type { Sighting } from '../sighting.ts'
import type { TopicAccount } from '../topic-account.ts'

/** A message, or one row of it, as it is shown. */
export interface EchoRecord {
  readonly topic: string
  /** `zcast`, or what the message looks like. */
  readonly format: string
  readonly bytes: number
  readonly epoch?: number | undefined
  readonly seq?: number | undefined
  /** Seconds since the Unix epoch. */
  readonly time?: number | undefined
  readonly retained?: boolean | undefined
  /** Of numbers: one row. */
  readonly values?: Float64Array | undefined
  readonly names?: readonly string[] | undefined
  readonly units?: readonly string[] | undefined
  /** Of pictures: pixels. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Of sound: samples a second, channels, and samples of each. */
  readonly rate?: number | undefined
  readonly channels?: number | undefined
  readonly samples?: number | undefined
  /** Of pictures and sound: `jpeg`, `s16`, `opus`. */
  readonly compression?: string | undefined
  /** Of what people say: who said it, and what. */
  readonly name?: string | undefined
  readonly text?: string | undefined
  /** Of another program's message: its parts, without the topic. */
  readonly parts?: readonly PartLook[] | undefined
  /** The bytes of those parts. */
  readonly content?: Message | undefined
  /** Why the message is refused, where it breaks its format. */
  readonly invalid?: string | undefined
}

/** Reads a message to be shown: a record for each row of numbers, otherwise one. */
export function* readRecords(
  message: Message,
  sighting: Sighting,
  account: TopicAccount,
  codec: Codec,
  look: (message: Message) => { readonly format: string; readonly parts: readonly PartLook[] },
): Generator<EchoRecord> {
  const { topic, bytes, isOwn } = sighting
  const { format, parts } = look(message)
  if (!isOwn) {
    yield { topic, format, bytes, parts, content: contentOf(message, findForeignTopic(message)) }
    return
  }
  const envelope = codec.decode(message)
  if (isRejection(envelope)) yield { topic, format, bytes, invalid: envelope.reason }
  else yield* readEnvelope(envelope, { topic, format, bytes }, account)
}

function* readEnvelope(
  { epoch, retained, block }: Envelope,
  start: Pick<EchoRecord, 'topic' | 'format' | 'bytes'>,
  account: TopicAccount,
): Generator<EchoRecord> {
  const { seq, time } = block
  const common = { ...start, epoch, seq, time, retained }
  if (block.kind === 'video') {
    const { width, height, format } = block
    yield { ...common, width, height, compression: format }
  } else if (isSound(block)) {
    const { rate, channels, samples, format } = block
    yield { ...common, rate, channels, samples, compression: format }
  } else if (block.kind === 'chat') {
    const text = Buffer.from(block.data).toString()
    yield { ...common, name: block.name, text: block.removed ? '(taken back)' : text }
  } else {
    const { rows, columns, interval = 0, data } = block
    const labels = labelsOf(block, account)
    for (let row = 0; row < rows; row++) {
      const values = data.subarray(row * columns, (row + 1) * columns)
      yield {
        ...common,
        ...labels,
        seq: seq === undefined ? undefined : seq + row,
        time: time + row * interval,
        values,
      }
    }
  }
}

/** Names do not come with every message. */
function labelsOf(block: NumbersBlock, { look, offer }: TopicAccount): Pick<EchoRecord, 'names' | 'units'> {
  for (const { names, units } of [block, look?.shape ?? {}, offer ?? {}]) {
    if (names?.length === block.columns || units?.length === block.columns) return { names, units }
  }
  return {}
}

const INDEXED = /^values?\[(\d+)\]$/

/**
 * A field of a record: a column by its name, `value[i]`, a key of JSON or msgpack (`a.b[0]`), or one of the record's own:
 * `seq`, `time`, `bytes`, `width`, `height`.
 *
 * @returns `undefined` when there is none.
 */
export function fieldOf(record: EchoRecord, name: string): unknown {
  const { values, names, parts } = record
  const column = names?.indexOf(name) ?? -1
  if (values && column >= 0) return values[column]
  const index = INDEXED.exec(name)?.[1]
  if (values && index !== undefined) return values[Number(index)]
  for (const part of parts ?? []) {
    const found = part.looks === 'a number' && name === 'value' ? Number(part.text) : dig(part.value, name)
    if (found !== undefined) return found
  }
  return OWN_FIELDS.has(name) ? record[name as keyof EchoRecord] : undefined
}

const OWN_FIELDS: ReadonlySet<string> = new Set([
  'seq',
  'time',
  'epoch',
  'bytes',
  'width',
  'height',
  'samples',
  'name',
  'text',
])

/** The names of a record's own values, for whoever asked for another one. */
export function fieldNames({ values, names, parts }: EchoRecord): readonly string[] {
  if (names) return names
  if (values) return [`value[0] to value[${values.length - 1}]`]
  return (parts ?? []).flatMap(({ value }) => Object.keys(asRecord(value) ?? {}))
}

function dig(value: unknown, path: string): unknown {
  const record = asRecord(value)
  if (record && Object.hasOwn(record, path)) return record[path]
  let found = value
  for (const step of path.split(/[.[\]]/).filter(Boolean)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string, unknown>)[step]
  }
  return found === value ? undefined : found
}
