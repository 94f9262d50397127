import { open, rm } from 'node:fs/promises'
import type { MessageSchema } from '@zcast/schemas'
import { SourceError } from '@zcast/shared'
import { describeSystemError, isMissing } from '@zcast/shared/internal'
import { ChannelTable } from '../channel-table.ts'
import { beginFile } from '../mcap/begin-file.ts'
import { GrowingFile } from '../mcap/growing-file.ts'
import { type ClosedChunk, moveChunkIndex, type OpenChannel } from '../mcap/open-chunk.ts'
import { type ChunkFile, type ChunkPlace, placeOf, type RecordedChannel } from '../reading/chunk-file.ts'
import { readAll } from '../reading/read-all.ts'

/** Some seconds of a series, in a file of its own, which is made with its first chunk. */
export class RingSegment implements ChunkFile {
  readonly chunks: ChunkPlace[] = []
  readonly channels = new Map<number, RecordedChannel>()
  /** Messages of each channel. */
  readonly counts = new Map<number, number>()
  readonly #table = new ChannelTable()
  readonly #path: string
  #file: GrowingFile | undefined

  constructor(path: string) {
    this.#path = path
  }

  get bytes(): number {
    return this.#file?.size ?? 0
  }

  /** Seconds since the Unix epoch of its last message; 0 without one. */
  get to(): number {
    return this.chunks.at(-1)?.to ?? 0
  }

  /** The channel of a topic; `undefined` when there are too many. */
  channel(topic: string, schema: MessageSchema): OpenChannel | undefined {
    return this.#keep(this.#table.add(topic, schema))
  }

  /** The same for messages of other programs, which are kept as they are. */
  rawChannel(topic: string): OpenChannel | undefined {
    return this.#keep(this.#table.raw(topic))
  }

  /** Writes a chunk. One at a time. @returns False when the disk is full. @throws {@link SinkError} `ERR_SINK` */
  async append({ bytes, index, counts }: Omit<ClosedChunk, 'free'>): Promise<boolean> {
    this.#file ??= await GrowingFile.create(this.#path, false)
    if (this.#file.size === 0 && !(await this.#file.append(beginFile()))) return false
    const offset = this.#file.size
    if (!(await this.#file.append(bytes))) return false
    for (const [id, count] of counts) this.counts.set(id, (this.counts.get(id) ?? 0) + count)
    this.chunks.push(placeOf(moveChunkIndex(index, offset), this.chunks.at(-1)))
    return true
  }

  /**
   * Reads a part of its file.
   *
   * @throws {@link RangeError} when it is removed.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when it cannot be read.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    try {
      await using handle = await open(this.#path, 'r')
      return await readAll(handle, offset, length)
    } catch (error) {
      if (isMissing(error)) throw new RangeError(`${this.#path} is gone`)
      const message = `${this.#path} cannot be read: ${describeSystemError(error)}`
      throw new SourceError('ERR_SOURCE_FAILED', message, { cause: error })
    }
  }

  /** Removes its file. */
  async remove(): Promise<void> {
    await this.#file?.close()
    await rm(this.#path, { force: true })
  }
  #keep(added: OpenChannel | undefined): OpenChannel | undefined {
    if (added) {
      const { id, topic, messageEncoding } = added.channel
      this.channels.set(id, { topic, messageEncoding, schema: added.schema?.name ?? '' })
    }
    return added
  }
}
