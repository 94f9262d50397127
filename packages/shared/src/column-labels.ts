import { OptionError } from './errors.ts'

/** The names and units of the columns of numbers: each as many as a row has values. */
export interface ColumnLabels {
  /** One name for each column, such as `['ax', 'ay', 'az']`, of at most {@link MAX_LABEL_BYTES} bytes. Default: unknown. */
  readonly names?: readonly string[] | undefined
  /** One unit for each column, such as `['g', 'g', 'g']`, of at most {@link MAX_LABEL_BYTES} bytes. Default: unknown. */
  readonly units?: readonly string[] | undefined
}

/** The longest name or unit of a column, in bytes of UTF-8. */
export const MAX_LABEL_BYTES = 64

/** The names and units of a stream together, in bytes: a header holds them beside everything else. */
export const MAX_LABELS_BYTES = 32 * 1024

/**
 * Checks names and units before they are sent.
 *
 * @returns A copy that nobody can change.
 * @throws {@link OptionError} `ERR_OPTION` when one is no text or too long, or when names and units differ in number.
 */
export function checkColumnLabels({ names, units }: ColumnLabels): ColumnLabels {
  checkList('names', names)
  checkList('units', units)
  if (names && units && names.length !== units.length) {
    throw new OptionError(
      `there are ${names.length} names and ${units.length} units: give one for each column`,
    )
  }
  if (labelBytes({ names, units }) > MAX_LABELS_BYTES) {
    throw new OptionError(`names and units are over ${MAX_LABELS_BYTES} bytes together: make them shorter`)
  }
  return { ...(names && { names: [...names] }), ...(units && { units: [...units] }) }
}

/** True when a list from an untrusted message labels rows of so many columns. */
export function isLabelList(list: unknown, columns: number): list is readonly string[] {
  return Array.isArray(list) && list.length === columns && list.every(isLabel)
}

/** True when two are the same names and the same units, known or not. */
export function isSameLabels(some: ColumnLabels, other: ColumnLabels): boolean {
  return isSameList(some.names, other.names) && isSameList(some.units, other.units)
}

/** The number of bytes that names and units take in a header, about. */
export function labelBytes({ names = [], units = [] }: ColumnLabels): number {
  let bytes = 0
  for (const label of [...names, ...units]) bytes += Buffer.byteLength(label) + 2
  return bytes
}

function checkList(what: string, list: unknown): void {
  if (list === undefined) return
  if (!Array.isArray(list) || list.length === 0) {
    throw new OptionError(`${what} must be a list with one text for each column`)
  }
  const wrong = list.findIndex((label) => !isLabel(label))
  if (wrong !== -1) {
    throw new OptionError(`${what}[${wrong}] must be a text of at most ${MAX_LABEL_BYTES} bytes`)
  }
}

function isSameList(some: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (some === other) return true
  return some?.length === other?.length && (some ?? []).every((label, index) => label === other?.[index])
}

function isLabel(label: unknown): label is string {
  return typeof label === 'string' && Buffer.byteLength(label) <= MAX_LABEL_BYTES
}
