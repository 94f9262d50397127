import type { Envelope } from '@zcast/shared'

/** Memory of the values; one that does not fit is not kept. */
const MAX_BYTES = 32 * 1024 * 1024

/** What has come within so many seconds comes again soon. */
const SLOW_SECONDS = 1

interface LatestValue {
  envelope: Envelope
  /** Nanoseconds since the Unix epoch at which it came. */
  time: bigint
}

/** The last numbers and picture of each topic: what is sent once, such as a setting, holds until it is sent again. */
export class LatestValues {
  readonly #values = new Map<string, LatestValue>()
  #bytes = 0

  note(envelope: Envelope, time: bigint): void {
    const { topic, block } = envelope
    if (!isState(envelope)) return
    const known = this.#values.get(topic)
    this.#bytes += block.data.byteLength - (known?.envelope.block.data.byteLength ?? 0)
    if (this.#bytes > MAX_BYTES) {
      this.#bytes -= block.data.byteLength
      this.#values.delete(topic)
    } else if (known) {
      known.envelope = envelope
      known.time = time
    } else this.#values.set(topic, { envelope, time })
  }

  /** Those of topics that had sent nothing for a while at a moment, in nanoseconds since the Unix epoch. */
  slowAt(time: bigint): readonly Envelope[] {
    return [...this.#values.values()]
      .filter((value) => isSlow(value.time, time))
      .map(({ envelope }) => envelope)
  }
}

/** True for what holds until the next of its topic comes: not for sound, nor for what somebody says. */
export function isState({ block }: Envelope): boolean {
  return block.kind === 'numbers' || block.kind === 'video'
}

/** True for a value that came so long before a moment that the next may be far. Both in nanoseconds. */
export function isSlow(time: bigint, moment: bigint): boolean {
  return Number(moment - time) / 1e9 >= SLOW_SECONDS
}
