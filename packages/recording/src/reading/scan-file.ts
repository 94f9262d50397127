import { MCAP_MAGIC, Opcode } from '@mcap/core'
import { readRecord } from '../mcap/parse-chunk.ts'
import type { FileContents } from './file-contents.ts'
import { FoundContents } from './found-contents.ts'
import { openChunk } from './load-chunk.ts'
import { endOf, LoadedChunk, RECORD_HEAD_BYTES } from './loaded-chunk.ts'
import type { ReadableFile } from './readable-file.ts'

/** A record that claims to be larger ends what can be read. */
const MAX_RECORD_BYTES = 512 * 1024 * 1024

/** Messages that are not in a chunk are read by so much. */
const BARE_BYTES = 1024 * 1024

/** What precedes the head of each record is read with it. */
const AHEAD_BYTES = 64 * 1024

/**
 * Finds everything in a file that has no good index: one that was cut short or damaged, that is still being written, or
 * whose program writes none.
 *
 * @param hasIndex - True when it has a good one, which leaves something out.
 * @returns `undefined` when it does not even begin as an MCAP file.
 */
export async function scanFile(
  file: ReadableFile,
  { hasIndex }: { readonly hasIndex: boolean },
): Promise<FileContents | undefined> {
  if (file.size < MCAP_MAGIC.length || !isMagic(await file.read(0, MCAP_MAGIC.length))) return undefined
  const scan = new Scan(file, hasIndex)
  return (await scan.run()) ? scan.contents() : undefined
}

function isMagic(bytes: Uint8Array): boolean {
  return MCAP_MAGIC.every((byte, index) => bytes[index] === byte)
}

class Scan {
  readonly #file: ReadableFile
  readonly #hasIndex: boolean
  readonly #found = new FoundContents()
  #window: Uint8Array = new Uint8Array()
  #windowAt = 0
  /** Where the messages begin that are not in a chunk, and were not added yet. */
  #bareAt: number | undefined
  #isWhole = false

  constructor(file: ReadableFile, hasIndex: boolean) {
    this.#file = file
    this.#hasIndex = hasIndex
  }

  /** @returns False when there is no header. */
  async run(): Promise<boolean> {
    try {
      return await this.#scan()
    } catch (error) {
      // The file became shorter meanwhile: what was found before is what there is.
      if (!(error instanceof RangeError)) throw error
      return true
    }
  }

  async #scan(): Promise<boolean> {
    const { size } = this.#file
    let offset = MCAP_MAGIC.length
    while (offset + RECORD_HEAD_BYTES <= size) {
      const head = await this.#bytes(offset, RECORD_HEAD_BYTES)
      const opcode = head[0] as Opcode
      const length = RECORD_HEAD_BYTES + Number(readUint64(head, 1))
      if (offset === MCAP_MAGIC.length && opcode !== Opcode.HEADER) return false
      if (head[0] === 0 || length > MAX_RECORD_BYTES || offset + length > size) break
      if (opcode === Opcode.MESSAGE) this.#bareAt ??= offset
      else if (this.#bareAt !== undefined) await this.#addBare(offset)
      if (opcode === Opcode.FOOTER) {
        // One that says that there is an index, which could not be read, is that of a damaged file.
        const record = await this.#bytes(offset, length)
        // Where its length is damaged, there is no such number.
        const isLong = length >= RECORD_HEAD_BYTES + 8
        this.#isWhole = isLong && (this.#hasIndex || readUint64(record, RECORD_HEAD_BYTES) === 0n)
        return true
      }
      if (WANTED.has(opcode)) this.#add(await this.#bytes(offset, length), offset)
      offset += length
      if (this.#bareAt !== undefined && offset - this.#bareAt >= BARE_BYTES) await this.#addBare(offset)
    }
    if (this.#bareAt !== undefined) await this.#addBare(offset)
    return offset > MCAP_MAGIC.length
  }

  contents(): FileContents {
    return this.#found.contents(this.#isWhole && this.#found.damaged === 0)
  }

  #add(record: Uint8Array, offset: number): void {
    try {
      if (record[0] === Opcode.CHUNK) this.#addChunk(record, offset)
      else {
        const known = readRecord(record)
        if (known) this.#found.describe(known)
      }
    } catch {
      if (record[0] === Opcode.CHUNK) this.#found.damaged += 1
    }
  }

  #addChunk(record: Uint8Array, offset: number): void {
    const records = openChunk(record)
    const chunk = new LoadedChunk(records)
    for (let at = 0; at < records.byteLength;) {
      const end = endOf(chunk.view, at)
      const known = readRecord(records.subarray(at, end))
      if (known) this.#found.describe(known)
      at = end
    }
    this.#found.add(chunk, { offset, length: record.byteLength, isBare: false })
  }

  async #addBare(end: number): Promise<void> {
    const offset = this.#bareAt as number
    this.#bareAt = undefined
    const length = end - offset
    const bytes = await this.#file.read(offset, length)
    try {
      this.#found.add(new LoadedChunk(bytes), { offset, length, isBare: true })
    } catch {
      this.#found.damaged += 1
    }
  }

  /** Reads a piece of the file, mostly of what was read before. */
  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const at = offset - this.#windowAt
    if (at >= 0 && at + length <= this.#window.byteLength) return this.#window.subarray(at, at + length)
    if (length > AHEAD_BYTES) return this.#file.read(offset, length)
    this.#window = await this.#file.read(offset, Math.min(AHEAD_BYTES, this.#file.size - offset))
    this.#windowAt = offset
    return this.#window.subarray(0, length)
  }
}

function readUint64(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at, true)
}

const WANTED = new Set<Opcode>([Opcode.CHUNK, Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA])
