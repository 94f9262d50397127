import type { ColumnLabels } from '@zcast/shared'

interface Shown extends ColumnLabels {
  readonly columns: number
}

/** Which names and units were shown of each topic, so that they are shown again only after a change. */
export class ShownLabels {
  /** By topic, of which a subscriber receives a limited number. */
  readonly #shown = new Map<string, Shown>()

  /** True where these are others than were shown of the topic before; they count as shown then. */
  change(topic: string, { names, units, columns }: Shown): boolean {
    const before = this.#shown.get(topic)
    if (before && before.columns === columns && isSame(before.names, names) && isSame(before.units, units))
      return false
    this.#shown.set(topic, { names, units, columns })
    return true
  }
}

function isSame(some: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (some === other) return true
  return some?.length === other?.length && (some ?? []).every((label, index) => label === other?.[index])
}
