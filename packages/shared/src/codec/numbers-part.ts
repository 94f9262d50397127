import type { NumbersBlock } from '../block.ts'
import { isLabelList, labelBytes } from '../column-labels.ts'
import type { Message } from '../envelope.ts'
import { invalid, type Rejection } from './codec.ts'
import { isFinite, isUint, type CodecPart, type Header, type Position } from './part.ts'

/**
 * The number of values that fit a 64 KiB header beside the other keys, names and units; larger arrays are sent as
 * attachments.
 */
const MAX_HEADER_VALUES = 7000
const HEADER_VALUE_BYTES = 9

/** Numbers: one array within the header, several or many in an attachment. */
export const NUMBERS_PART: CodecPart<NumbersBlock> = {
  encode({ rows, columns, interval, data, names, units }, header) {
    const labels = names || units ? { ...(names && { names }), ...(units && { units }) } : undefined
    const room = labels ? MAX_HEADER_VALUES - labelBytes(labels) / HEADER_VALUE_BYTES : MAX_HEADER_VALUES
    const values = rows === 1 && columns <= room ? toHeaderValues(data) : undefined
    if (labels) Object.assign(header, labels)
    if (values) {
      header['values'] = values
      return undefined
    }
    header['rows'] = rows
    header['columns'] = columns
    if (interval !== undefined) header['interval'] = interval
    const { buffer, byteOffset, byteLength } = data
    return new Uint8Array(buffer, byteOffset, byteLength)
  },

  decode(position, header, message) {
    const block = message.length === 2 ? decodeArray(position, header) : decodeRows(position, header, message)
    // Most messages have neither.
    return 'rejected' in block || (!header['names'] && !header['units']) ? block : label(block, header)
  },
}

/** Labels that do not match these columns are not needed to show them, and count as absent. */
function label(block: NumbersBlock, { names, units }: Header): NumbersBlock {
  return {
    ...block,
    ...(isLabelList(names, block.columns) && { names }),
    ...(isLabelList(units, block.columns) && { units }),
  }
}

function decodeArray({ seq, time }: Position, header: Header): NumbersBlock | Rejection {
  const values = header['values']
  if (!Array.isArray(values) || values.length === 0) return invalid('values is not an array of numbers')
  const data = new Float64Array(values.length)
  for (let index = 0; index < data.length; index++) {
    const value: unknown = values[index]
    if (!isFinite(value)) return invalid('values contains something other than finite numbers')
    data[index] = value
  }
  return { kind: 'numbers', seq, time, rows: 1, columns: data.length, data }
}

function decodeRows({ seq, time }: Position, header: Header, message: Message): NumbersBlock | Rejection {
  const { rows, columns, interval } = header
  const attachment = message[2]
  if (message.length !== 3 || !attachment) return invalid('numbers have 2 or 3 parts')
  if (!isUint(rows) || !isUint(columns) || rows < 1 || columns < 1)
    return invalid('rows or columns is not 1 or more')
  if (rows * columns * 8 !== attachment.byteLength)
    return invalid('rows and columns do not match the length of the attachment')
  if (rows - 1 > Number.MAX_SAFE_INTEGER - seq) return invalid('seq is beyond 2^53')
  if (interval !== undefined && (!isFinite(interval) || interval < 0))
    return invalid('interval is not a duration')
  return { kind: 'numbers', seq, time, interval, rows, columns, data: float64View(attachment) }
}

/**
 * A plain array: msgpackr writes corrupt data for a Float64Array (measured with its default options). A loop takes a
 * third of the time of `Array.from` for arrays of six.
 *
 * @returns `undefined` for values that a header cannot hold: NaN and the infinities, which readers refuse there, and
 *   -0, which is packed as the integer 0.
 */
function toHeaderValues(data: Float64Array): number[] | undefined {
  const values: number[] = []
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number
    if (value === 0 ? Object.is(value, -0) : !Number.isFinite(value)) return undefined
    values.push(value)
  }
  return values
}

/** Returns a view when the bytes are aligned to 8, otherwise a copy: typed arrays cannot begin elsewhere. */
function float64View(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8)
}
