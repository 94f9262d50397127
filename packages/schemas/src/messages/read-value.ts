import type { Block, BlockKind, ColumnLabels } from '@zcast/shared'
import { type AnySound, isLabelList, readJpegSize } from '@zcast/shared/internal'
import { type FieldValue, readFields } from '../protobuf/read-fields.ts'
import { ADDED } from './schemas.ts'

/** A value of a message. */
export interface ReadValue {
  readonly block: Block
  /** `undefined` for formats that have none. */
  readonly epoch: number | undefined
  /** See `Envelope`. */
  readonly arrivalTime: boolean
  /** See `Envelope`. */
  readonly withheld: number
}

const TEXT = new TextDecoder()
const DOUBLE_BYTES = 8
const S16_BYTES = 2
const MOST_EPOCH = 2 ** 32 - 1
const SOUND_FORMATS: ReadonlyMap<string, AnySound['format']> = new Map([
  ['pcm-s16', 's16'],
  ['opus', 'opus'],
])

/**
 * Reads the message of a kind, whoever wrote it.
 *
 * @returns `undefined` when the bytes are not one, or one of a format that zcast does not know.
 */
export function readValue(kind: BlockKind, data: Uint8Array): ReadValue | undefined {
  const fields = new Fields()
  if (!readFields(data, (...field) => fields.add(...field))) return undefined
  const block = makeBlock(kind, fields)
  if (!block) return undefined
  const isUnnumbered = fields.number(ADDED.unnumbered) !== 0
  const epoch = fields.number(kind === 'numbers' ? 4 : ADDED.epoch)
  if (!isPossible(block, epoch)) return undefined
  const withheld = fields.number(ADDED.withheld)
  return {
    block: isUnnumbered ? { ...block, seq: undefined } : block,
    epoch: isUnnumbered && epoch === 0 ? undefined : epoch,
    arrivalTime: fields.number(ADDED.arrivalTime) !== 0,
    withheld: Number.isSafeInteger(withheld) ? Math.min(withheld, block.seq ?? 0) : 0,
  }
}

/** False for what no stream has: such a number would spoil whatever counts with it. */
function isPossible(block: Block, epoch: number): boolean {
  const { seq = 0, time } = block
  const interval = block.kind === 'numbers' ? (block.interval ?? 0) : 0
  const isInterval = Number.isFinite(interval) && interval >= 0
  const isEpoch = Number.isInteger(epoch) && epoch >= 0 && epoch <= MOST_EPOCH
  return Number.isSafeInteger(seq) && seq >= 0 && isEpoch && Number.isFinite(time) && isInterval
}

/** The names and units among the fields of a row of numbers. */
export function decodeLabels(data: Uint8Array, columns: number): ColumnLabels {
  const fields = new Fields()
  readFields(data, (...field) => fields.add(...field))
  return fields.labels(columns)
}

function makeBlock(kind: BlockKind, fields: Fields): Block | undefined {
  const time = fields.time(1)
  if (kind === 'numbers') {
    const data = fields.doubles(2)
    if (!data || data.length === 0) return undefined
    const [seq, interval] = [fields.number(3), fields.number(7)]
    const row = { kind, seq, time, ...(interval !== 0 && { interval }), rows: 1, columns: data.length, data }
    return { ...row, ...fields.labels(data.length) }
  }
  const seq = fields.number(ADDED.seq)
  if (kind === 'video') {
    const data = fields.bytes(2)
    const size = readJpegSize(data)
    return size && { kind, seq, time, width: size.width, height: size.height, format: 'jpeg', data }
  }
  if (kind === 'chat') {
    const [guest = ''] = fields.texts(ADDED.guest)
    const [name = ''] = fields.texts(4)
    const isRemoved = fields.number(ADDED.removed) !== 0
    const said = { name, guest, data: fields.bytes(3), ...(isRemoved && { removed: true }) }
    return { kind, seq, time, id: fields.number(ADDED.id), ...said }
  }
  const sound = readSound(fields)
  return sound && { kind, seq, time, ...sound }
}

function readSound(fields: Fields): Omit<AnySound, 'kind' | 'seq' | 'time'> | undefined {
  const [rate, channels, data] = [fields.number(4), fields.number(5), fields.bytes(2)]
  const format = SOUND_FORMATS.get(fields.texts(3)[0] ?? '')
  if (!format || rate === 0 || channels === 0) return undefined
  // Other programs do not say how many there are, and those of Opus only a decoder knows.
  const counted = format === 's16' ? Math.floor(data.byteLength / (S16_BYTES * channels)) : 0
  return { rate, channels, format, samples: fields.number(ADDED.samples) || counted, data }
}

/** The fields of a message, each as often as it came. */
class Fields {
  readonly #values = new Map<number, FieldValue[]>()

  add(field: number, value: FieldValue): void {
    const before = this.#values.get(field)
    if (before) before.push(value)
    else this.#values.set(field, [value])
  }

  number(field: number): number {
    const value = this.#values.get(field)?.at(-1)
    return typeof value === 'number' ? value : 0
  }

  bytes(field: number): Uint8Array {
    const value = this.#values.get(field)?.at(-1)
    return value instanceof Uint8Array ? value : new Uint8Array()
  }

  /** A list of numbers, packed or one by one. @returns `undefined` when it holds something else. */
  doubles(field: number): Float64Array | undefined {
    const values = this.#values.get(field) ?? []
    const [first] = values
    if (values.length === 1 && typeof first === 'object') return packed(first)
    const numbers: number[] = []
    for (const value of values) {
      const part = typeof value === 'number' ? [value] : packed(value)
      if (!part) return undefined
      for (const number of part) numbers.push(number)
    }
    return Float64Array.from(numbers)
  }

  texts(field: number): string[] {
    const values = this.#values.get(field) ?? []
    return values.map((value) => (value instanceof Uint8Array ? TEXT.decode(value) : ''))
  }

  /** Of a row of so many numbers. */
  labels(columns: number): ColumnLabels {
    const [names, units] = [this.texts(5), this.texts(6)]
    return { ...(isLabelList(names, columns) && { names }), ...(isLabelList(units, columns) && { units }) }
  }

  /** Seconds since the Unix epoch. */
  time(field: number): number {
    let seconds = 0
    let nanoseconds = 0
    readFields(this.bytes(field), (part, value) => {
      if (typeof value !== 'number') return
      if (part === 1) seconds = value
      if (part === 2) nanoseconds = value
    })
    return seconds + nanoseconds / 1e9
  }
}

function packed(bytes: Uint8Array): Float64Array | undefined {
  if (bytes.byteLength % DOUBLE_BYTES !== 0) return undefined
  // A copy, because the bytes may lie anywhere; `slice` of a Buffer is none.
  return new Float64Array(new Uint8Array(bytes).buffer)
}
