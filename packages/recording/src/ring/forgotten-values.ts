import type { RecordedBlock } from '@zcast/subscribers'
import { LatestValues } from '../latest-values.ts'
import { kindOfChannel } from '../messages/decode-value.ts'
import { ChunkHistory } from '../reading/chunk-history.ts'
import type { RingSegment } from './ring-segment.ts'

/** The last numbers and picture of each topic in what a ring has forgotten: they hold until the first that it has. */
export class ForgottenValues {
  readonly #values = new LatestValues()
  /** Seconds since the Unix epoch at which each came. */
  readonly #recordedAt = new Map<string, number>()

  /** Those that it has. */
  get topics(): readonly string[] {
    return [...this.#recordedAt.keys()]
  }

  /** Reads a segment that is about to go. What cannot be read is not kept. */
  async take(segment: RingSegment): Promise<void> {
    const history = new ChunkHistory(() => [segment])
    for (const channel of segment.channels.values()) {
      const kind = kindOfChannel(channel)
      if (kind !== 'numbers' && kind !== 'video') continue
      const latest = await history.latest(channel.topic, Infinity).catch(() => undefined)
      if (!latest) continue
      this.#values.note(latest.envelope)
      if (this.#values.get(channel.topic)) this.#recordedAt.set(channel.topic, latest.recordedAt)
      else this.#recordedAt.delete(channel.topic)
    }
  }

  latest(topic: string, time: number): RecordedBlock | undefined {
    const envelope = this.#values.get(topic)
    const recordedAt = this.#recordedAt.get(topic)
    if (!envelope || recordedAt === undefined || recordedAt > time) return undefined
    return { recordedAt, envelope, isRetained: true }
  }
}
