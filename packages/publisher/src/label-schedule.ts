import type { Envelope } from '@zcast/shared'

/** Who comes late knows the names of what comes after this long. */
const REPEAT_MS = 1000

interface Told {
  readonly epoch: number | undefined
  readonly atMs: number
}

/** Names and units go with the first message of an epoch and at least once a second; with every message they would outweigh it. */
export class LabelSchedule {
  /** One for each topic that is sent. */
  readonly #told = new Map<string, Told>()

  /** Leaves the names and units out of an envelope, unless it is time to say them again. */
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
