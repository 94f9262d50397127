import { sliceValues, valueCount } from '@zcast/shared'
import type { RecordedBlock } from '@zcast/subscribers'

/**
 * What of a history has been played, so that nothing is played twice, and nothing left out, when it is read anew. All
 * moments are seconds since the Unix epoch.
 */
export class PlayedSoFar {
  #place: number
  /** Everything before it has been played; from then on, values are counted. */
  #begin: number
  /** Nothing later has been played: more than the last block's moment where rows of several were joined. */
  #end: number
  /** The values of each topic that were played from the beginning on. */
  readonly #counts = new Map<string, number>()
  /** The moment of the last value of each topic. */
  readonly #ends = new Map<string, number>()
  /** Topics that came to be wanted later, and the moment from which they are played, which is not included. */
  readonly #since = new Map<string, number>()

  constructor(place: number) {
    this.#place = this.#begin = this.#end = place
  }

  /** The moment of the last value, or where it was moved to. */
  get place(): number {
    return this.#place
  }

  /** Where reading begins anew, at the latest. */
  get begin(): number {
    return this.#begin
  }

  /** Up to here, what is read anew may have been played in part. */
  get end(): number {
    return Math.max(this.#end, ...this.#since.values())
  }

  /** Begins anew at a moment. */
  moveTo(place: number): void {
    this.#place = this.#begin = this.#end = place
    this.#counts.clear()
    this.#ends.clear()
    this.#since.clear()
  }

  /** A topic is wanted from a moment on, which is not included. */
  wantAfter(topic: string, moment: number): void {
    // Rows that came later may have been played with those of the moment.
    this.#since.set(topic, Math.max(moment, this.#ends.get(topic) ?? moment))
    this.#counts.delete(topic)
  }

  /** A topic is wanted no more. */
  forget(topic: string): void {
    this.#since.delete(topic)
  }

  /** The moment after which a topic is played, where that is not the place. */
  sinceOf(topic: string): number | undefined {
    return this.#since.get(topic)
  }

  /** Notes that a block has been played. */
  add({ recordedAt, recordedUntil = recordedAt, envelope: { topic, block } }: RecordedBlock): void {
    this.#place = Math.max(this.#place, recordedAt)
    if (recordedAt > this.#end) this.#beginAt(recordedAt)
    this.#end = Math.max(this.#end, recordedUntil)
    this.#ends.set(topic, recordedUntil)
    this.#counts.set(topic, (this.#counts.get(topic) ?? 0) + valueCount(block))
  }

  /** What leaves out, of the blocks that are now read from the beginning on, what has been played. */
  skipper(): (block: RecordedBlock) => RecordedBlock | undefined {
    const [begin, end] = [this.#begin, this.#end]
    const since = new Map(this.#since)
    const toSkip = new Map(this.#counts)
    return (read) => {
      const { recordedAt, envelope } = read
      const { topic, block } = envelope
      if (recordedAt < begin || recordedAt <= (since.get(topic) ?? -Infinity)) return undefined
      const skipped = recordedAt > end ? 0 : (toSkip.get(topic) ?? 0)
      if (skipped === 0) return read
      const count = valueCount(block)
      toSkip.set(topic, Math.max(skipped - count, 0))
      if (count <= skipped) return undefined
      return { ...read, envelope: { ...envelope, block: sliceValues(block, skipped, count - skipped) } }
    }
  }

  #beginAt(moment: number): void {
    this.#begin = moment
    this.#counts.clear()
    for (const [topic, since] of this.#since) if (since < moment) this.#since.delete(topic)
  }
}
