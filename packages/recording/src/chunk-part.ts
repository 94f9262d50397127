import type { McapTypes } from '@mcap/core'
import { type ClosedChunk, type OpenChannel, OpenChunk } from './mcap/open-chunk.ts'

/** How many values of a topic and epoch a chunk has. */
export interface ChunkValues {
  readonly topic: string
  readonly epoch: number
  count: number
}

/** A chunk on its way to the disk, with what it takes to say what is missing if it cannot get there. */
export interface TakenChunk {
  readonly chunk: ClosedChunk
  readonly values: readonly ChunkValues[]
}

/** A chunk that is being filled, and the values in it. */
export class ChunkPart {
  readonly #chunk: OpenChunk
  readonly #values = new Map<string, ChunkValues>()
  #last: ChunkValues | undefined

  constructor(options: { readonly isCompressed: boolean }) {
    this.#chunk = new OpenChunk(options)
  }

  get byteLength(): number {
    return this.#chunk.byteLength
  }

  /** Adds a value of an epoch, or, without one, a message that is no value. */
  add(channel: OpenChannel, message: McapTypes.Message, epoch?: number): void {
    this.#chunk.add(channel, message)
    if (epoch === undefined) return
    const { topic } = channel.channel
    // Rows come in blocks.
    if (this.#last?.topic !== topic || this.#last.epoch !== epoch) this.#last = this.#find(topic, epoch)
    this.#last.count += 1
  }

  /** Takes what has been added, if anything. */
  take(): readonly TakenChunk[] {
    const chunk = this.#chunk.close()
    const values = [...this.#values.values()]
    this.#values.clear()
    this.#last = undefined
    return chunk ? [{ chunk, values }] : []
  }

  #find(topic: string, epoch: number): ChunkValues {
    const key = `${topic} ${epoch}`
    const known = this.#values.get(key) ?? { topic, epoch, count: 0 }
    this.#values.set(key, known)
    return known
  }
}
