import { MCAP_MAGIC, Opcode } from '@mcap/core'
import type { Described } from './file-contents.ts'
import { FoundContents } from './found-contents.ts'
import { openChunk } from './load-chunk.ts'
import { endOf, LoadedChunk, RECORD_HEAD_BYTES } from './loaded-chunk.ts'
import { readRecord } from './read-record.ts'
import type { ReadableFile } from './readable-file.ts'

/** A record that claims to be larger ends what can be read. */
const MAX_RECORD_BYTES = 512 * 1024 * 1024

/** Messages that are not in a chunk are read by so much. */
const BARE_BYTES = 1024 * 1024

/** What precedes the head of each record is read with it. */
const AHEAD_BYTES = 64 * 1024

/** Is given what is found in a file, piece by piece, in its order: all that is not damaged, without the indexes. */
export interface PieceTaker {
  takeChunk(record: Uint8Array, chunk: LoadedChunk): Promise<void>
  /** Takes messages that are not in a chunk. */
  takeMessages(records: Uint8Array, chunk: LoadedChunk): Promise<void>
  /** Takes any other record: where it is, for it may be large. */
  takeRecord(opcode: Opcode, offset: number, length: number): Promise<void>
}

/** Options of {@link scanFile}. */
export interface ScanOptions {
  /** True when the file has a good index, which leaves something out. */
  readonly hasIndex: boolean
  /** What is known of its channels already. Default: nothing. */
  readonly described?: Described
  /** Default: nobody takes the pieces. */
  readonly taker?: PieceTaker | undefined
  /**
   * Chunks that are known to be damaged: the length of each, by a good index, by where it begins. Its own may be damaged,
   * too. Default: none is known.
   */
  readonly damagedChunks?: ReadonlyMap<number, number> | undefined
}

/**
 * Finds everything in a file that has no good index: one that was cut short or damaged, that is still being written, or
 * whose program writes none.
 *
 * @returns `undefined` when it does not even begin as an MCAP file.
 */
export async function scanFile(file: ReadableFile, options: ScanOptions): Promise<FoundContents | undefined> {
  if (file.size < MCAP_MAGIC.length || !isMagic(await file.read(0, MCAP_MAGIC.length))) return undefined
  const scan = new Scan(file, options)
  return (await scan.run()) ? scan.found : undefined
}

function isMagic(bytes: Uint8Array): boolean {
  return MCAP_MAGIC.every((byte, index) => bytes[index] === byte)
}

class Scan {
  readonly found = new FoundContents()
  readonly #file: ReadableFile
  readonly #hasIndex: boolean
  readonly #damagedChunks: ReadonlyMap<number, number> | undefined
  readonly #taker: PieceTaker | undefined
  #window: Uint8Array = new Uint8Array()
  #windowAt = 0
  /** Where the messages begin that are not in a chunk, and were not added yet. */
  #bareAt: number | undefined

  constructor(file: ReadableFile, { hasIndex, described, taker, damagedChunks }: ScanOptions) {
    this.#file = file
    this.#damagedChunks = damagedChunks
    this.#hasIndex = hasIndex
    this.#taker = taker
    if (described) this.found.know(described)
  }

  /** @returns False when there is no header. */
  async run(): Promise<boolean> {
    try {
      return await this.#scan()
    } catch (error) {
      // The file became shorter meanwhile: what was found before is what there is.
      if (!(error instanceof CutOffError)) throw error
      return true
    }
  }

  async #scan(): Promise<boolean> {
    const { size } = this.#file
    let offset = MCAP_MAGIC.length
    let isData = true
    while (offset + RECORD_HEAD_BYTES <= size) {
      const damaged = this.#damagedChunks?.get(offset)
      if (damaged !== undefined) {
        if (this.#bareAt !== undefined) await this.#addBare(offset)
        this.found.damaged += 1
        // An index that says nonsense must not lead to the same place again.
        offset += Math.max(damaged, RECORD_HEAD_BYTES)
        continue
      }
      const head = await this.#bytes(offset, RECORD_HEAD_BYTES)
      const opcode = head[0] as Opcode
      const length = RECORD_HEAD_BYTES + Number(readUint64(head, 1))
      if (offset === MCAP_MAGIC.length && opcode !== Opcode.HEADER) return false
      const isTooLarge = length > MAX_RECORD_BYTES && LOADED.has(opcode)
      if (head[0] === 0 || isTooLarge || offset + length > size) break
      if (opcode === Opcode.MESSAGE) this.#bareAt ??= offset
      else if (this.#bareAt !== undefined) await this.#addBare(offset)
      if (opcode === Opcode.FOOTER) {
        // One that says that there is an index, which could not be read, is that of a damaged file.
        const record = await this.#bytes(offset, length)
        // Where its length is damaged, there is no such number.
        const isLong = length >= RECORD_HEAD_BYTES + 8
        this.found.hasEnd = isLong && (this.#hasIndex || readUint64(record, RECORD_HEAD_BYTES) === 0n)
        return true
      }
      if (opcode === Opcode.DATA_END) isData = false
      if (opcode === Opcode.CHUNK) await this.#addChunk(await this.#bytes(offset, length), offset)
      else if (!INDEXED.has(opcode)) {
        const isGood = !DESCRIBING.has(opcode) || this.#describe(await this.#bytes(offset, length))
        if (isData && isGood) await this.#taker?.takeRecord(opcode, offset, length)
      }
      offset += length
      if (this.#bareAt !== undefined && offset - this.#bareAt >= BARE_BYTES) await this.#addBare(offset)
    }
    if (this.#bareAt !== undefined) await this.#addBare(offset)
    return offset > MCAP_MAGIC.length
  }

  /** @returns False when it is damaged, and says nothing. */
  #describe(record: Uint8Array): boolean {
    try {
      const known = readRecord(record)
      if (known) this.found.describe(known)
      return true
    } catch {
      return false
    }
  }

  async #addChunk(record: Uint8Array, offset: number): Promise<void> {
    let chunk: LoadedChunk
    try {
      const records = openChunk(record)
      chunk = new LoadedChunk(records)
      for (let at = 0; at < records.byteLength;) {
        const end = endOf(chunk.view, at)
        const known = readRecord(records.subarray(at, end))
        if (known) this.found.describe(known)
        at = end
      }
      this.found.add(chunk, { offset, length: record.byteLength, isBare: false })
    } catch {
      this.found.damaged += 1
      return
    }
    await this.#taker?.takeChunk(record, chunk)
  }

  async #addBare(end: number): Promise<void> {
    const offset = this.#bareAt as number
    this.#bareAt = undefined
    const length = end - offset
    const bytes = await this.#read(offset, length)
    let chunk: LoadedChunk
    try {
      chunk = new LoadedChunk(bytes)
      this.found.add(chunk, { offset, length, isBare: true })
    } catch {
      this.found.damaged += 1
      return
    }
    await this.#taker?.takeMessages(bytes, chunk)
  }

  /** Reads a piece of the file, mostly of what was read before. */
  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const at = offset - this.#windowAt
    if (at >= 0 && at + length <= this.#window.byteLength) return this.#window.subarray(at, at + length)
    if (length > AHEAD_BYTES) return this.#read(offset, length)
    this.#window = await this.#read(offset, Math.min(AHEAD_BYTES, this.#file.size - offset))
    this.#windowAt = offset
    return this.#window.subarray(0, length)
  }

  /** @throws {@link CutOffError} when the file has become shorter. Such an error of who takes the pieces is another. */
  async #read(offset: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#file.read(offset, length)
    } catch (error) {
      if (error instanceof RangeError) throw new CutOffError(error.message, { cause: error })
      throw error
    }
  }
}

/** The file became shorter while it was read. */
class CutOffError extends Error {}

function readUint64(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at, true)
}

/** Records that say what messages are. */
const DESCRIBING = new Set<Opcode>([Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA])

/** Records that are read into memory. */
const LOADED = new Set<Opcode>([...DESCRIBING, Opcode.HEADER, Opcode.CHUNK, Opcode.MESSAGE, Opcode.FOOTER])

/** Messages and their indexes. */
const INDEXED = new Set<Opcode>([Opcode.CHUNK, Opcode.MESSAGE, Opcode.MESSAGE_INDEX])
