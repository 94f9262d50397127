import { type ColumnLabels, MAX_LABEL_BYTES } from '@zcast/shared'
import { MAX_LABELS_BYTES } from '@zcast/shared/internal'
import type { LineRow } from '../line-row.ts'
import type { NamedValues } from './named-values.ts'

/** The columns of lines that name their values: a name keeps its column, and a new one gets the next. */
export class LabelTable {
  readonly #columns = new Map<string, number>()
  readonly #units: string[] = []
  #nameBytes = 0
  /** Of their texts. */
  #unitBytes = 0
  #labels: ColumnLabels = {}

  /** Names and units so far; another object after each change. */
  get labels(): ColumnLabels {
    return this.#labels
  }

  /** Gives values their columns; those of names that are not among them are missing. @returns What is wrong, in a clause. */
  place(named: NamedValues): LineRow | string {
    const { names, values, units, time, isElapsed } = named
    if (new Set(names).size < names.length) {
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      return `"${twice}" stands in it twice`
    }
    const wrong = this.#admit(names, units)
    if (wrong !== undefined) return wrong
    const data = new Float64Array(this.#columns.size).fill(Number.NaN)
    for (const [index, name] of names.entries())
      data[this.#columns.get(name) as number] = values[index] as number
    return { data, labels: this.#labels, time, isElapsed }
  }

  #admit(names: readonly string[], units: NamedValues['units']): string | undefined {
    if (names.every((name, index) => this.#knows(name, units?.[index]))) return undefined
    const fresh = names.filter((name) => !this.#columns.has(name))
    const changed = names.flatMap((name, index) => {
      const unit = units?.[index]
      const column = this.#columns.get(name)
      const known = column === undefined ? undefined : this.#units[column]
      return unit === undefined || unit === known ? [] : [{ name, unit, known }]
    })
    if (fresh.some(isLong)) return `a name in it is longer than ${MAX_LABEL_BYTES} bytes`
    const long = changed.find(({ unit }) => isLong(unit))
    if (long) return `the unit of "${long.name}" is longer than ${MAX_LABEL_BYTES} bytes`
    const nameBytes = this.#nameBytes + fresh.reduce((sum, name) => sum + Buffer.byteLength(name) + 2, 0)
    // Half of what a header has room for: the other half is for units.
    if (nameBytes > MAX_LABELS_BYTES / 2) return 'there are too many names before it'
    let unitBytes = this.#unitBytes
    for (const { unit, known = '' } of changed)
      unitBytes += Buffer.byteLength(unit) - Buffer.byteLength(known)
    // A column without a unit has an empty one as soon as another has any.
    const hasUnits = this.#units.length > 0 || changed.length > 0
    const placeBytes = hasUnits ? 2 * (this.#columns.size + fresh.length) : 0
    if (nameBytes + unitBytes + placeBytes > MAX_LABELS_BYTES)
      return 'its units and those before it are too long together'
    this.#nameBytes = nameBytes
    this.#unitBytes = unitBytes
    for (const name of fresh) this.#columns.set(name, this.#columns.size)
    for (const { name, unit } of changed) this.#units[this.#columns.get(name) as number] = unit
    this.#labels = this.#list()
    return undefined
  }

  #knows(name: string, unit: string | undefined): boolean {
    const column = this.#columns.get(name)
    return column !== undefined && (unit === undefined || unit === this.#units[column])
  }

  #list(): ColumnLabels {
    const names = [...this.#columns.keys()]
    if (this.#units.length === 0) return { names }
    return { names, units: names.map((_, column) => this.#units[column] ?? '') }
  }
}

function isLong(label: string): boolean {
  return Buffer.byteLength(label) > MAX_LABEL_BYTES
}
