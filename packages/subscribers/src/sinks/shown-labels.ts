import type { ColumnLabels } from '@zcast/shared'
import { isSameLabels } from '@zcast/shared/internal'

interface Shown extends ColumnLabels {
  readonly columns: number
}

/** Which names and units were shown of each topic, so that they are shown again only after a change. */
export class ShownLabels {
  /** By topic, of which a subscriber receives a limited number. */
  readonly #shown = new Map<string, Shown>()

  /** True where these are others than were shown of the topic before; they count as shown then. */
  change(topic: string, shown: Shown): boolean {
    const before = this.#shown.get(topic)
    if (before && before.columns === shown.columns && isSameLabels(before, shown)) return false
    // Not the block itself, whose values would be kept.
    const { names, units, columns } = shown
    this.#shown.set(topic, { names, units, columns })
    return true
  }
}
