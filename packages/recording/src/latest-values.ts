import type { Envelope, NumbersBlock } from '@zcast/shared'
import { sliceRows } from '@zcast/shared/internal'

/** Memory of the values; the largest that do not fit are not kept. */
const MAX_BYTES = 32 * 1024 * 1024

/** Topics; of further ones nothing is kept. */
const MAX_TOPICS = 4096

/** A view of so much more memory than its own is copied, so that it does not hold that. */
const SLACK_BYTES = 4096

interface LatestValue {
  /** `undefined` for one that is too large. */
  readonly envelope: Envelope | undefined
  readonly bytes: number
}

/** What {@link LatestValues.within} gives. */
export interface ValuesWithin {
  /** The smallest first. */
  readonly values: readonly Envelope[]
  /** The topics whose values do not fit. */
  readonly tooLarge: readonly string[]
}

/** The last numbers and picture of each topic: what is sent once, such as a setting, holds until it is sent again. */
export class LatestValues {
  readonly #values = new Map<string, LatestValue>()
  #bytes = 0

  note(envelope: Envelope): void {
    const { topic } = envelope
    if (!isState(envelope)) return
    if (this.#values.size >= MAX_TOPICS && !this.#values.has(topic)) return
    const kept = withoutSlack(envelope)
    this.#set(topic, { envelope: kept, bytes: kept.block.data.byteLength })
    while (this.#bytes > MAX_BYTES) this.#dropLargest()
  }

  /** That of a topic. */
  get(topic: string): Envelope | undefined {
    return this.#values.get(topic)?.envelope
  }

  /** Those that fit into so many bytes together: the smallest, as settings are small. */
  within(maxBytes = MAX_BYTES): ValuesWithin {
    const values: Envelope[] = []
    const tooLarge: string[] = []
    let total = 0
    for (const [topic, { envelope, bytes }] of [...this.#values].toSorted(
      ([, a], [, b]) => a.bytes - b.bytes,
    ))
      if (envelope && (total += bytes) <= maxBytes) values.push(envelope)
      else tooLarge.push(topic)
    return { values, tooLarge }
  }

  #set(topic: string, value: LatestValue): void {
    this.#bytes += value.bytes - (this.#values.get(topic)?.bytes ?? 0)
    this.#values.set(topic, value)
  }

  #dropLargest(): void {
    let largest: readonly [string, LatestValue] | undefined
    for (const entry of this.#values) if (!largest || entry[1].bytes > largest[1].bytes) largest = entry
    if (largest) this.#set(largest[0], { envelope: undefined, bytes: 0 })
  }
}

/** True for what holds until the next of its topic comes: not for sound, nor for what somebody says. */
function isState({ block }: Envelope): boolean {
  return block.kind === 'numbers' || block.kind === 'video'
}

/** Of rows, the last; without the memory around it. */
function withoutSlack(envelope: Envelope): Envelope {
  const { block } = envelope
  if (block.kind === 'numbers' && block.rows > 1)
    return { ...envelope, block: ownNumbers(sliceRows(block, block.rows - 1, 1)) }
  if (block.data.buffer.byteLength <= 2 * block.data.byteLength + SLACK_BYTES) return envelope
  if (block.kind === 'numbers') return { ...envelope, block: ownNumbers(block) }
  return { ...envelope, block: { ...block, data: Uint8Array.from(block.data) } }
}

function ownNumbers(block: NumbersBlock): NumbersBlock {
  return { ...block, data: block.data.slice() }
}
