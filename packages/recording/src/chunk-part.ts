import type { McapTypes } from '@mcap/core'
import { type ClosedChunk, type OpenChannel, OpenChunk } from './mcap/open-chunk.ts'

/** Values of a topic and epoch that a chunk has; where their numbers are given, some whose numbers follow each other. */
export interface ChunkValues {
  readonly topic: string
  readonly epoch: number
  /** The number of the first; `undefined` where none is given. */
  readonly seq: number | undefined
  count: number
  /** Nanoseconds since the Unix epoch at which the last of them came. */
  to: bigint
}

/** A chunk on its way to the disk, with what it takes to say what is missing if it cannot get there. */
export interface TakenChunk {
  readonly chunk: ClosedChunk
  readonly values: readonly ChunkValues[]
}

/** A chunk that is being filled, and the values in it. */
export class ChunkPart {
  readonly #chunk: OpenChunk
  /** The newest of each topic and epoch, and all. */
  readonly #newest = new Map<string, ChunkValues>()
  #values: ChunkValues[] = []
  #last: ChunkValues | undefined

  constructor(options: { readonly isCompressed: boolean }) {
    this.#chunk = new OpenChunk(options)
  }

  get byteLength(): number {
    return this.#chunk.byteLength
  }

  /**
   * Adds a value of an epoch, or, without one, a message that is no value.
   *
   * @param seq - Its number, if the numbers of what is in the chunk are wanted.
   */
  add(channel: OpenChannel, message: McapTypes.Message, epoch?: number, seq?: number): void {
    this.#chunk.add(channel, message)
    if (epoch === undefined) return
    const { topic } = channel.channel
    // Rows come in blocks.
    const last = this.#last?.topic === topic && this.#last.epoch === epoch ? this.#last : undefined
    const run = last && follows(last, seq) ? last : this.#find(topic, epoch, seq)
    run.count += 1
    run.to = message.logTime
    this.#last = run
  }

  /** Takes what has been added, if anything. */
  take(): readonly TakenChunk[] {
    const chunk = this.#chunk.close()
    const values = this.#values
    this.#values = []
    this.#newest.clear()
    this.#last = undefined
    return chunk ? [{ chunk, values }] : []
  }

  #find(topic: string, epoch: number, seq: number | undefined): ChunkValues {
    const key = `${topic} ${epoch}`
    const known = this.#newest.get(key)
    if (known && follows(known, seq)) return known
    const made = { topic, epoch, seq, count: 0, to: 0n }
    this.#newest.set(key, made)
    this.#values.push(made)
    return made
  }
}

function follows({ seq: first, count }: ChunkValues, seq: number | undefined): boolean {
  return first === undefined ? seq === undefined : seq === first + count
}
