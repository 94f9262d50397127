import type { Block, BlockKind, ColumnLabels } from '@zcast/shared'
import { isLabelList, readJpegSize } from '@zcast/shared/internal'
import { type FieldValue, readFields } from '../protobuf/read-fields.ts'
import { ADDED } from './schemas.ts'

/** A value as it was recorded. */
export interface DecodedValue {
  readonly block: Block
  /** `undefined` for formats that have none. */
  readonly epoch: number | undefined
  /** See `Envelope`. */
  readonly arrivalTime: boolean
}

const TEXT = new TextDecoder()

/** Reads a value of a kind. @returns `undefined` when the bytes are not one. */
export function decodeBlock(kind: BlockKind, data: Uint8Array): DecodedValue | undefined {
  const fields = new Fields()
  if (!readFields(data, (...field) => fields.add(...field))) return undefined
  const block = makeBlock(kind, fields)
  if (!block) return undefined
  const isUnnumbered = fields.number(ADDED.unnumbered) !== 0
  const epoch = fields.number(kind === 'numbers' ? 4 : ADDED.epoch)
  return {
    block: isUnnumbered ? { ...block, seq: undefined } : block,
    epoch: isUnnumbered && epoch === 0 ? undefined : epoch,
    arrivalTime: fields.number(ADDED.arrivalTime) !== 0,
  }
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
    const values = readDoubles(fields.bytes(2))
    if (!values) return undefined
    const interval = fields.number(7)
    const labels = { ...(interval !== 0 && { interval }), ...fields.labels(values.length) }
    return { kind, seq: fields.number(3), time, rows: 1, columns: values.length, data: values, ...labels }
  }
  const seq = fields.number(ADDED.seq)
  const bytes = fields.bytes(2)
  if (kind === 'video') {
    const size = readJpegSize(bytes)
    return size && { kind, seq, time, width: size.width, height: size.height, format: 'jpeg', data: bytes }
  }
  if (kind === 'chat') {
    const [guest = ''] = fields.texts(ADDED.guest)
    const [name = ''] = fields.texts(4)
    const isRemoved = fields.number(ADDED.removed) !== 0
    const said = { name, guest, data: fields.bytes(3), ...(isRemoved && { removed: true }) }
    return { kind, seq, time, id: fields.number(ADDED.id), ...said }
  }
  const format = fields.texts(3)[0] === 'opus' ? 'opus' : 's16'
  const [rate, channels, samples] = [fields.number(4), fields.number(5), fields.number(ADDED.samples)]
  return { kind, seq, time, rate, channels, samples, format, data: bytes }
}

function readDoubles(bytes: Uint8Array): Float64Array | undefined {
  if (bytes.byteLength === 0 || bytes.byteLength % 8 !== 0) return undefined
  // A copy, because the bytes may lie anywhere; `slice` of a Buffer is none.
  return new Float64Array(new Uint8Array(bytes).buffer)
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
