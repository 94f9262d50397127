import { McapRecordBuilder, type McapTypes } from '@mcap/core'
import { GrowingBytes } from './growing-bytes.ts'

/** What the end of a file says of its chunks, as it is written: some hundred bytes a chunk for as long as it grows. */
export class ChunkIndexes {
  readonly #builder = new McapRecordBuilder()
  readonly #bytes = new GrowingBytes(4096)
  count = 0
  /** Nanoseconds since the Unix epoch; 0 without a chunk. */
  from = 0n
  to = 0n

  add(index: McapTypes.ChunkIndex): void {
    this.#builder.reset()
    this.#builder.writeChunkIndex(index)
    this.#bytes.append(this.#builder.buffer)
    const { messageStartTime: from, messageEndTime: to } = index
    if (this.count === 0 || from < this.from) this.from = from
    if (to > this.to) this.to = to
    this.count += 1
  }

  /** The records of all. */
  get bytes(): Uint8Array {
    return this.#bytes.bytes.subarray(0, this.#bytes.length)
  }
}
