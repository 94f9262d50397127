import type { ColumnLabels, Envelope, NumbersBlock } from '@zcast/shared'

/** Topics whose names are remembered. */
const MAX_TOPICS = 256

interface Known {
  readonly epoch: number | undefined
  readonly columns: number
  readonly labels: ColumnLabels
}

/**
 * The names and units of the columns of what is sent. A publisher states them only now and then, and these formats with
 * every message.
 */
export class SentLabels {
  readonly #known = new Map<string, Known>()

  /** The labels of a block: its own, or those stated before in the same epoch. */
  of({ topic, epoch }: Envelope, { names, units, columns }: NumbersBlock): ColumnLabels {
    if (!names && !units) {
      const known = this.#known.get(topic)
      return known?.epoch === epoch && known?.columns === columns ? known.labels : {}
    }
    const labels = { ...(names && { names }), ...(units && { units }) }
    if (this.#known.size < MAX_TOPICS || this.#known.has(topic))
      this.#known.set(topic, { epoch, columns, labels })
    return labels
  }
}
