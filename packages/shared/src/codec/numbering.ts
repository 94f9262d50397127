import { randomBytes } from 'node:crypto'
import { valueCount } from '../kinds.ts'
import type { Envelope } from '../envelope.ts'

/**
 * Numbers the values of programs whose messages have no numbers, for those who hand them on; those of others stay as they
 * are.
 */
export class Numbering {
  readonly #epoch = randomBytes(4).readUInt32LE()
  /** The next number of each topic: as many as its user has. */
  readonly #next = new Map<string, number>()

  /** @returns The envelope, with an epoch and a number. */
  number(envelope: Envelope): Envelope {
    const { topic, epoch, block } = envelope
    if (epoch !== undefined && block.seq !== undefined) return envelope
    const seq = this.#next.get(topic) ?? 0
    this.#next.set(topic, seq + valueCount(block))
    return { ...envelope, epoch: this.#epoch, block: { ...block, seq } }
  }
}
