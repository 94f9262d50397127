import { invalid, type NumbersBlock, type Rejection } from '@zcast/shared'
import { isLabelList, MAX_LABELS_BYTES, labelBytes } from '@zcast/shared/internal'
import { readOwnKeys, type Fields, type Placement } from '../own-keys.ts'
import { flatten, MAX_NAMED_VALUES, toNumber, type NamedValues } from './flatten.ts'
import { MAX_NUMBERS } from '../max-numbers.ts'
import { readTime, TIME_KEYS } from './read-time.ts'

/** The numbers of a message, and their place in the stream. */
export interface Samples {
  readonly placement: Placement
  readonly block: Omit<NumbersBlock, 'seq' | 'time'>
}

type Numbers = Samples['block']

/** The keys of what zcast sends when numbers have no names that could be keys. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'values',
  'names',
  'units',
  'seq',
  'epoch',
  'time',
  'timestamp',
  'retained',
])

/** Reads the untrusted value of a message: an array of numbers, arrays of them, an object, or a batch of objects. */
export function readSamples(value: unknown): Samples | Rejection {
  if (Array.isArray(value) && value.length > 0 && value.every(isFields)) return readBatch(value)
  if (isFields(value)) {
    const values = value['values']
    if (Array.isArray(values) && Object.keys(value).every((key) => OWN_KEYS.has(key)))
      return readOwn(value, values)
    return readBatch([value])
  }
  const block = readRows(Array.isArray(value) ? value : [value])
  return 'rejected' in block ? block : { placement: readOwnKeys({}), block }
}

function readOwn(fields: Fields, values: readonly unknown[]): Samples | Rejection {
  const block = readRows(values)
  if ('rejected' in block) return block
  const { names, units } = fields
  const { columns } = block
  return {
    placement: readPlacement(fields),
    block: {
      ...block,
      ...(isLabelList(names, columns) && { names }),
      ...(isLabelList(units, columns) && { units }),
    },
  }
}

/** One row of numbers, or rows of as many numbers each. */
function readRows(items: readonly unknown[]): Numbers | Rejection {
  const rows = items.length > 0 && items.every((item) => Array.isArray(item)) ? items : [items]
  const columns = rows[0]?.length ?? 0
  if (columns === 0) return invalid('the array is empty')
  if (rows.some((cells) => cells.length !== columns)) return invalid('the rows differ in length')
  if (rows.length * columns > MAX_NUMBERS) return invalid('the message has too many numbers')
  const data = new Float64Array(rows.length * columns)
  for (const [row, cells] of rows.entries()) {
    for (let column = 0; column < columns; column++) {
      const number = toNumber(cells[column])
      if (number === undefined) return invalid('the array contains something other than numbers')
      data[row * columns + column] = number
    }
  }
  return { kind: 'numbers', rows: rows.length, columns, data }
}

/** Samples of named values, oldest first. Values that only some have are missing numbers in the others. */
function readBatch(samples: readonly Fields[]): Samples | Rejection {
  const leaveOut = leftOut(samples[0] as Fields)
  const rows: NamedValues[] = []
  const names = new Set<string>()
  for (const sample of samples) {
    const values = flatten(sample, leaveOut)
    if (!values) return invalid(`the object nests too deeply or has over ${MAX_NAMED_VALUES} numbers`)
    for (const name of values.keys()) names.add(name)
    rows.push(values)
    if (names.size * samples.length > MAX_NUMBERS) return invalid('the message has too many numbers')
  }
  if (names.size === 0) return invalid('the object has no numbers')
  const labels = [...names]
  const data = new Float64Array(rows.length * labels.length)
  for (const [row, values] of rows.entries()) {
    for (const [column, name] of labels.entries())
      data[row * labels.length + column] = values.get(name) ?? Number.NaN
  }
  const first = readPlacement(samples[0] as Fields)
  const last = readTime(samples.at(-1) as Fields)
  const interval = samples.length > 1 && last !== undefined ? (last - first.time) / (samples.length - 1) : 0
  return {
    placement: first,
    block: {
      kind: 'numbers',
      rows: rows.length,
      columns: labels.length,
      data,
      ...(interval > 0 && { interval }),
      ...(labelBytes({ names: labels }) <= MAX_LABELS_BYTES && { names: labels }),
    },
  }
}

/** Keys that tell where the values belong, and are no values themselves. */
function leftOut(fields: Fields): readonly string[] {
  const isOwn = readOwnKeys(fields).epoch !== undefined
  const times = TIME_KEYS.filter((key) => readTime({ [key]: fields[key] }) !== undefined)
  return isOwn ? ['seq', 'epoch', 'time', 'retained'] : times
}

function readPlacement(fields: Fields): Placement {
  const own = readOwnKeys(fields)
  if (own.epoch !== undefined) return own
  const time = readTime(fields)
  return time === undefined ? own : { time }
}

function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  )
}
