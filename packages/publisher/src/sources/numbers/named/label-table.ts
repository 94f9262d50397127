import { type ColumnLabels, MAX_LABEL_BYTES } from '@zcast/shared'
import { MAX_LABELS_BYTES } from '@zcast/shared/internal'
import type { LineRow } from '../line-row.ts'
import type { NamedValues } from './named-values.ts'

/** The columns of lines that name their values: a name keeps its column, and a new one gets the next. */
export class LabelTable {
  readonly #columns = new Map<string, number>()
  readonly #units: string[] = []
  #bytes = 0
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
    const fresh = names.filter((name) => !this.#columns.has(name))
    const bytes = fresh.reduce((sum, name) => sum + Buffer.byteLength(name) + 2, 0)
    const long = fresh.find((name) => Buffer.byteLength(name) > MAX_LABEL_BYTES)
    if (long !== undefined) return `a name in it is longer than ${MAX_LABEL_BYTES} bytes`
    // Half of what a header has room for: the other half is for units.
    if (this.#bytes + bytes > MAX_LABELS_BYTES / 2) return 'there are too many names before it'
    this.#bytes += bytes
    for (const name of fresh) this.#columns.set(name, this.#columns.size)
    let hasChanged = fresh.length > 0
    for (const [index, name] of names.entries()) {
      const unit = units?.[index]
      const column = this.#columns.get(name) as number
      if (unit === undefined || unit === this.#units[column]) continue
      this.#units[column] = unit
      hasChanged = true
    }
    if (hasChanged) this.#labels = this.#list()
    return undefined
  }

  #list(): ColumnLabels {
    const names = [...this.#columns.keys()]
    if (this.#units.length === 0) return { names }
    return { names, units: names.map((_, column) => this.#units[column] ?? '') }
  }
}
