import { CodecError, type NumbersBlock } from '@zcast/shared'

/** One array of numbers. NaN stands for a missing value. */
export type NumbersRow = readonly number[] | Float64Array | Float32Array

/** The values of one or more rows, copied. */
export type NumberRows = Pick<NumbersBlock, 'rows' | 'columns' | 'data'>

/**
 * Copies the values to be sent: one array, or many of the same length.
 *
 * @param columns - The length that every row must have. Default: that of the first.
 * @throws {@link CodecError} `ERR_VALUE` for anything else.
 */
export function copyRows(values: NumbersRow | readonly NumbersRow[], columns?: number): NumberRows {
  if (values instanceof Float64Array || values instanceof Float32Array) return copyRow(values, columns)
  if (!Array.isArray(values)) {
    throw refuse(`a topic of numbers sends arrays of numbers, got ${describe(values)}`)
  }
  if (values.length === 0) throw refuse('there is nothing to send: the array is empty')
  const isRow = typeof values[0] !== 'object' || values[0] === null
  return isRow ? copyRow(values as readonly number[], columns) : copyMany(values as NumbersRow[], columns)
}

function copyRow(row: NumbersRow, columns = row.length): NumberRows {
  const data = new Float64Array(row.length)
  copyInto(data, 0, row)
  checkLength(row, columns)
  return { rows: 1, columns, data }
}

function copyMany(rows: readonly NumbersRow[], columns = rows[0]?.length ?? 0): NumberRows {
  const data = new Float64Array(rows.length * columns)
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row) && !(row instanceof Float64Array) && !(row instanceof Float32Array)) {
      throw refuse(`row ${index} must be an array of numbers, got ${describe(row)}`)
    }
    checkLength(row, columns, `row ${index}`)
    copyInto(data, index * columns, row)
  }
  return { rows: rows.length, columns, data }
}

function checkLength(row: NumbersRow, columns: number, which = 'the array'): void {
  if (row.length === 0) throw refuse(`there is nothing to send: ${which} is empty`)
  if (row.length !== columns) throw refuse(`${which} has ${row.length} values but must have ${columns}`)
}

function copyInto(data: Float64Array, start: number, row: NumbersRow): void {
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (typeof value !== 'number') {
      throw refuse(`value ${index} must be a number, got ${describe(value)}; write NaN where one is missing`)
    }
    data[start + index] = value
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 20))}`
  if (typeof value !== 'object' || value === null) return String(value)
  return `a value of type ${value.constructor?.name ?? 'object'}`
}

function refuse(message: string): CodecError {
  return new CodecError('ERR_VALUE', message)
}
