import type { ColumnLabels, Envelope } from '@zcast/shared'

interface Known extends ColumnLabels {
  readonly epoch: number | undefined
  readonly columns: number
}

/**
 * The newest names and units of each topic's epoch. They are not sent with every message, but are attached to every
 * block with the same columns.
 */
export class KnownLabels {
  /** A subscriber has at most 256 topics. */
  readonly #known = new Map<string, Known>()

  /** Adds the known labels to an envelope, and stores those it contains. */
  label(envelope: Envelope): Envelope {
    const { topic, epoch, block } = envelope
    if (block.kind !== 'numbers') return envelope
    const { names, units, columns } = block
    if (names || units) {
      this.#known.set(topic, { epoch, columns, names, units })
      return envelope
    }
    const known = this.#known.get(topic)
    // In a format without epochs nothing tells whether they are still the same.
    if (!known || epoch === undefined || known.epoch !== epoch || known.columns !== columns) return envelope
    return { ...envelope, block: { ...block, names: known.names, units: known.units } }
  }
}
