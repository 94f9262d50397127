import { McapRecordBuilder, type McapTypes, MCAP_MAGIC, Opcode } from '@mcap/core'
import { type Account, Accounts } from '../accounts.ts'
import { decodeValue, kindOfChannel } from '../messages/decode-value.ts'
import { RAW_ENCODING } from '../messages/raw-message.ts'
import {
  ACCOUNTS,
  decodeAccounts,
  EARLIER_ACCOUNTS,
  encodeAccounts,
  RUNNING_ACCOUNTS,
} from './accounts-record.ts'
import { ChunkIndexes } from './chunk-indexes.ts'
import { moveChunkIndex, writeMessageIndexes } from './open-chunk.ts'
import { type ParsedChunk, parseChunk, readRecord, RECORD_HEAD_BYTES } from './parse-chunk.ts'
import type { ReadableFile } from './readable-file.ts'
import { encodeSummary } from './summary.ts'

/** A record that claims to be larger ends what can be read. */
const MAX_RECORD_BYTES = 512 * 1024 * 1024

/** A file without a good end, and the end that mends it. */
export interface MendedFile {
  /** Bytes at its beginning that are good. */
  readonly length: number
  /** What must follow them. */
  readonly tail: Uint8Array
  /** Chunks that are damaged, and left out. */
  readonly damaged: number
}

/**
 * Reads all whole chunks of a file that was cut short or damaged.
 *
 * @returns `undefined` when it does not even begin as an MCAP file.
 */
export async function scanFile(file: ReadableFile): Promise<MendedFile | undefined> {
  const size = Number(await file.size())
  if (size < MCAP_MAGIC.length || !isMagic(await file.read(0n, BigInt(MCAP_MAGIC.length)))) return undefined
  const scan = new Scan()
  let offset = MCAP_MAGIC.length
  while (offset + RECORD_HEAD_BYTES <= size) {
    const head = await file.read(BigInt(offset), BigInt(RECORD_HEAD_BYTES))
    const opcode = head[0] as Opcode
    const length = RECORD_HEAD_BYTES + Number(new DataView(head.buffer).getBigUint64(1, true))
    if (END.has(opcode) || offset + length > size) break
    if (offset === MCAP_MAGIC.length && opcode !== Opcode.HEADER) break
    if (WANTED.has(opcode) && length > MAX_RECORD_BYTES) break
    if (WANTED.has(opcode)) scan.add(await file.read(BigInt(offset), BigInt(length)), offset)
    offset += length
  }
  return offset === MCAP_MAGIC.length ? undefined : scan.mend(offset)
}

const WANTED = new Set<Opcode>([
  Opcode.CHUNK,
  Opcode.MESSAGE_INDEX,
  Opcode.SCHEMA,
  Opcode.CHANNEL,
  Opcode.METADATA,
])

/** No record at all, and what comes after the last that is wanted. */
const END = new Set<Opcode>([0 as Opcode, Opcode.DATA_END, Opcode.FOOTER])

/** A whole chunk, and which of the indexes of its messages were found behind it. */
interface FoundChunk {
  readonly index: McapTypes.ChunkIndex
  /** Forgotten once all were found: they take more memory than the messages. */
  messageIndexes: ReadonlyMap<number, McapTypes.MessageIndex> | undefined
  readonly found: Map<number, bigint>
  foundBytes: number
}

function isMagic(bytes: Uint8Array): boolean {
  return MCAP_MAGIC.every((byte, index) => bytes[index] === byte)
}

class Scan {
  readonly #schemas = new Map<number, McapTypes.Schema>()
  readonly #channels = new Map<number, McapTypes.Channel>()
  readonly #chunks: FoundChunk[] = []
  readonly #counts = new Map<number, number>()
  readonly #accounts = new Accounts()
  readonly #told = new Map<string, Account>()
  #metadata = 0
  #damaged = 0

  add(bytes: Uint8Array, offset: number): void {
    if (bytes[0] === Opcode.CHUNK) {
      const chunk = parseChunk(bytes)
      if (chunk) this.#addChunk(chunk, offset)
      else this.#damaged += 1
      return
    }
    if (bytes[0] === Opcode.MESSAGE_INDEX) return this.#addMessageIndex(bytes, offset)
    try {
      const record = readRecord(bytes)
      if (record?.type === 'Schema') this.#schemas.set(record.id, record)
      if (record?.type === 'Channel') this.#channels.set(record.id, record)
      if (record?.type === 'Metadata') this.#addMetadata(record)
    } catch {
      this.#damaged += 1
    }
  }

  mend(length: number): MendedFile {
    const builder = new McapRecordBuilder()
    const chunks = new ChunkIndexes()
    for (const { index, messageIndexes, found, foundBytes } of this.#chunks) {
      if (!messageIndexes) {
        const placed = { messageIndexOffsets: found, messageIndexLength: BigInt(foundBytes) }
        chunks.add(Object.assign({}, index, placed))
        continue
      }
      const written = writeMessageIndexes(builder, messageIndexes.values())
      const offsets = [...written.offsets].map(([id, at]) => [id, at + BigInt(length)] as const)
      const placed = { messageIndexOffsets: new Map(offsets), messageIndexLength: written.length }
      chunks.add(Object.assign({}, index, placed))
    }
    const indexes = builder.buffer.slice()
    const summary = encodeSummary(
      {
        chunks,
        schemas: [...this.#schemas.values()],
        channels: [...this.#channels.values()],
        counts: this.#counts,
        metadata: { name: ACCOUNTS, metadata: encodeAccounts(this.#readAccounts()) },
        earlierMetadata: this.#metadata,
      },
      length + indexes.byteLength,
    )
    return { length, tail: Buffer.concat([indexes, summary]), damaged: this.#damaged }
  }

  #addMessageIndex(bytes: Uint8Array, offset: number): void {
    const chunk = this.#chunks.at(-1)
    if (!chunk?.messageIndexes || bytes.byteLength < RECORD_HEAD_BYTES + 2) return
    const channel = new DataView(bytes.buffer, bytes.byteOffset).getUint16(RECORD_HEAD_BYTES, true)
    if (!chunk.messageIndexes.has(channel) || chunk.found.has(channel)) return
    chunk.found.set(channel, BigInt(offset))
    chunk.foundBytes += bytes.byteLength
    if (chunk.found.size === chunk.messageIndexes.size) chunk.messageIndexes = undefined
  }

  #addChunk({ messages, messageIndexes, index, ...chunk }: ParsedChunk, offset: number): void {
    for (const schema of chunk.schemas)
      this.#schemas.set(schema.id, { ...schema, data: new Uint8Array(schema.data) })
    for (const channel of chunk.channels) this.#channels.set(channel.id, channel)
    this.#chunks.push({
      index: moveChunkIndex(index, offset),
      messageIndexes,
      found: new Map(),
      foundBytes: 0,
    })
    for (const message of messages) {
      this.#counts.set(message.channelId, (this.#counts.get(message.channelId) ?? 0) + 1)
      const channel = this.#channels.get(message.channelId)
      if (!channel) continue
      const { topic, messageEncoding } = channel
      if (messageEncoding === RAW_ENCODING)
        this.#accounts.add({ topic, epoch: 0, seq: undefined, count: 1, time: message.logTime })
      const schema = this.#schemas.get(channel.schemaId)?.name ?? ''
      const kind = kindOfChannel({ topic, messageEncoding, schema })
      const value = kind && decodeValue(topic, kind, message.data)
      if (!value) continue
      const { epoch = 0, block } = value
      this.#accounts.add({
        topic,
        epoch,
        seq: block.seq,
        count: 1,
        time: message.logTime,
      })
    }
  }

  #addMetadata({ name, metadata }: McapTypes.Metadata): void {
    this.#metadata += 1
    if (name === EARLIER_ACCOUNTS)
      for (const { topic, epoch, last } of decodeAccounts(metadata))
        this.#accounts.expect({ topic, epoch, seq: last + 1 })
    if (name !== ACCOUNTS && name !== RUNNING_ACCOUNTS) return
    for (const account of decodeAccounts(metadata)) this.#told.set(keyOf(account), account)
  }

  /** What was counted again, and what only the recorder knew: what came while the disk was full. */
  #readAccounts(): readonly Account[] {
    return this.#accounts.read().map((account) => {
      const unwritten = Math.min(this.#told.get(keyOf(account))?.unwritten ?? 0, account.lost)
      const { received, lost } = account
      return Object.assign({}, account, { received: received + unwritten, lost: lost - unwritten, unwritten })
    })
  }
}

function keyOf({ topic, epoch }: Account): string {
  return `${topic} ${epoch}`
}
