import { join } from 'node:path'
import type { McapTypes } from '@mcap/core'
import type { MessageSchema } from '@zcast/schemas'
import { ChunkPart, type ChunkValues } from '../chunk-part.ts'
import type { ClosedChunk, OpenChannel } from '../mcap/open-chunk.ts'
import { RingSegment } from './ring-segment.ts'

/** Options of {@link RingSeries}. */
export interface RingSeriesOptions {
  readonly folder: string
  /** The beginning of its files' names. */
  readonly name: string
  readonly isCompressed: boolean
  /** A segment ends when it lasts as long, or is as large. */
  readonly segmentSeconds: number
  readonly segmentBytes: number
  /** Called before its oldest segment goes. */
  readonly forget: (segment: RingSegment) => Promise<void>
}

/** A chunk on its way to its segment. */
export interface SegmentChunk {
  readonly segment: RingSegment
  readonly chunk: ClosedChunk
  readonly values: readonly ChunkValues[]
}

/** What comes of one topic or several, in segments: what is old goes by whole segments. */
export class RingSeries {
  /** Oldest first; the last is being written. */
  readonly segments: RingSegment[] = []
  readonly #options: RingSeriesOptions
  readonly #part: ChunkPart
  #made = 0
  #startNs: bigint | undefined
  #bytes = 0

  constructor(options: RingSeriesOptions) {
    this.#options = options
    this.#part = new ChunkPart(options)
  }

  /** On the disk. */
  get bytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Of what has been added, and is in no chunk yet. */
  get openBytes(): number {
    return this.#part.byteLength
  }

  /** The channel of a topic in the segment that is being written; `undefined` when there are too many. */
  channel(topic: string, schema: MessageSchema): OpenChannel | undefined {
    return this.#segment().channel(topic, schema)
  }

  /** The same for messages of other programs, which are kept as they are. */
  rawChannel(topic: string): OpenChannel | undefined {
    return this.#segment().rawChannel(topic)
  }

  /** Adds a message of one of its channels, and if it is a value its epoch and number; its data is copied. */
  add(channel: OpenChannel, message: McapTypes.Message, epoch?: number, seq?: number): void {
    this.#startNs ??= message.logTime
    this.#part.add(channel, message, epoch, seq)
  }

  /** Takes what has been added as a chunk, if anything, and begins the next segment when it is time. */
  take(): SegmentChunk | undefined {
    const segment = this.#segment()
    const [taken] = this.#part.take()
    if (!taken) return undefined
    const { chunk, values } = taken
    this.#bytes += chunk.bytes.byteLength
    const seconds = Number(chunk.index.messageEndTime - (this.#startNs ?? 0n)) / 1e9
    const { segmentSeconds, segmentBytes } = this.#options
    if (seconds >= segmentSeconds || this.#bytes >= segmentBytes) this.#begin()
    return { segment, chunk, values }
  }

  /** Removes its oldest segment, unless that is being written. @returns Whether it did. */
  async removeOldest(): Promise<boolean> {
    const [oldest, next] = this.segments
    if (!oldest || !next) return false
    await this.#options.forget(oldest)
    this.segments.shift()
    await oldest.remove()
    return true
  }

  async close(): Promise<void> {
    for (const segment of this.segments.splice(0)) await segment.remove()
  }

  #segment(): RingSegment {
    return this.segments.at(-1) ?? this.#begin()
  }

  #begin(): RingSegment {
    const { folder, name } = this.#options
    const segment = new RingSegment(join(folder, `${name}-${++this.#made}.mcap`))
    this.segments.push(segment)
    this.#startNs = undefined
    this.#bytes = 0
    return segment
  }
}
