import type { Envelope } from '@zcast/shared'

/** A late joiner knows the names of the columns after this time. */
const REPEAT_MS = 1000

interface Told {
  readonly epoch: number | undefined
  readonly atMs: number
}

/**
 * Sends names and units with the first message of an epoch and at least once a second; with every message they would
 * outweigh the values.
 */
export class LabelSchedule {
  /** One entry per topic being sent. */
  readonly #told = new Map<string, Told>()

  /** Removes the names and units from an envelope, unless it is time to send them again. */
  thin(envelope: Envelope): Envelope {
    const { topic, epoch, block } = envelope
    if (block.kind !== 'numbers' || (!block.names && !block.units)) return envelope
    const nowMs = performance.now()
    const told = this.#told.get(topic)
    if (told && told.epoch === epoch && nowMs - told.atMs < REPEAT_MS) {
      return { ...envelope, block: { ...block, names: undefined, units: undefined } }
    }
    this.#told.set(topic, { epoch, atMs: nowMs })
    return envelope
  }

  /** Says them again with the next message of these topics, as somebody has come to them. */
  repeat(isMeant: (topic: string) => boolean): void {
    for (const topic of this.#told.keys()) if (isMeant(topic)) this.#told.delete(topic)
  }

  /** Forgets a topic that has ended. */
  forget(topic: string): void {
    this.#told.delete(topic)
  }
}
