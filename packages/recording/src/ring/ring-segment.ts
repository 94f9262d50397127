import { type FileHandle, open, rm } from 'node:fs/promises'
import { isMissing } from '@zcast/shared/internal'
import { ChannelTable } from '../channel-table.ts'
import { beginFile } from '../mcap/begin-file.ts'
import { GrowingFile } from '../mcap/growing-file.ts'
import type { ClosedChunk } from '../mcap/open-chunk.ts'

/** Where a chunk is, and what is in it. */
export interface RingChunk {
  /** Seconds since the Unix epoch. */
  readonly from: number
  readonly to: number
  readonly offset: number
  readonly length: number
  readonly topics: ReadonlySet<string>
}

/** Some seconds of a series, in a file of its own, which is made with its first chunk. */
export class RingSegment {
  readonly channels = new ChannelTable()
  readonly chunks: RingChunk[] = []
  /** Messages of each topic. */
  readonly counts = new Map<string, number>()
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

  /** Writes a chunk. One at a time. @returns False when the disk is full. @throws {@link SinkError} `ERR_SINK` */
  async append({ bytes, index, counts }: Omit<ClosedChunk, 'free'>): Promise<boolean> {
    this.#file ??= await GrowingFile.create(this.#path, false)
    if (this.#file.size === 0 && !(await this.#file.append(beginFile()))) return false
    const offset = this.#file.size
    if (!(await this.#file.append(bytes))) return false
    const topics = new Set<string>()
    for (const [id, count] of counts) {
      const topic = this.channels.topicOf(id)
      topics.add(topic)
      this.counts.set(topic, (this.counts.get(topic) ?? 0) + count)
    }
    const { messageStartTime, messageEndTime, chunkLength } = index
    const [from, to] = [Number(messageStartTime) / 1e9, Number(messageEndTime) / 1e9]
    this.chunks.push({ from, to, offset, length: Number(chunkLength), topics })
    return true
  }

  /** Opens its file to be read, even while it is removed. @returns `undefined` when it is removed already. */
  async open(): Promise<FileHandle | undefined> {
    try {
      return await open(this.#path, 'r')
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Removes its file. Who has it open can still read it. */
  async remove(): Promise<void> {
    await this.#file?.close()
    await rm(this.#path, { force: true })
  }
}
