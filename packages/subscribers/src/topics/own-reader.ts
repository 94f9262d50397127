import type { BlockKind, Message } from '@zcast/shared'
import { HeaderPeek, TopicReader } from '@zcast/shared/internal'
import type { Sighting } from './sighting.ts'

/** What a message of the wire format is: a value of a topic, something else that counts nowhere, or of another format. */
export type OwnSighting = Sighting | 'no value' | undefined

/** Reads the envelopes of zcast's own wire format. */
export class OwnReader {
  readonly #topics = new TopicReader()
  readonly #peek = new HeaderPeek()

  /** @returns `undefined` for a message of another format. */
  sight(message: Message, bytes: number): OwnSighting {
    const [topicPart, header, attachment] = message
    if (!topicPart || !header) return undefined
    // What publishers and subscribers say to each other: lanes, lists of topics.
    if (topicPart[0] === EXCLAMATION_MARK) return 'no value'
    const read = this.#topics.read(topicPart)
    if (read?.kind === undefined) return undefined
    const fields = this.#peek.read(header)
    if (fields?.v !== 1 || !isUint(fields.epoch) || !isUint(fields.seq) || !Number.isFinite(fields.time))
      return undefined
    if (fields.answer) return 'no value'
    const { epoch, seq, time, interval, retained } = fields
    const withheld = isUint(fields.withheld) ? fields.withheld : undefined
    const values = read.kind === 'numbers' ? rowsOf(fields, attachment?.byteLength ?? 0) : 1
    if (values === undefined) return undefined
    return { topic: read.topic, values, bytes, epoch, seq, time, interval, retained, withheld, isOwn: true }
  }

  /** The kind that a topic names, if it is one of the wire format. */
  kindOf(topicPart: Uint8Array): BlockKind | undefined {
    return this.#topics.read(topicPart)?.kind
  }
}

const EXCLAMATION_MARK = 0x21

function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** The rows of a message of numbers; `undefined` where they do not fit its attachment. */
function rowsOf(
  { rows, columns }: { rows: number | undefined; columns: number | undefined },
  bytes: number,
): number | undefined {
  if (bytes === 0 && rows === undefined) return 1
  if (!isUint(rows) || !isUint(columns) || rows < 1) return undefined
  return rows * columns * Float64Array.BYTES_PER_ELEMENT === bytes ? rows : undefined
}
