import type { McapTypes } from '@mcap/core'
import { type Account, Accounts } from '../accounts.ts'
import { ACCOUNTS, decodeAccounts, EARLIER_ACCOUNTS, RUNNING_ACCOUNTS } from '../mcap/accounts-record.ts'
import { decodeValue } from '../messages/decode-value.ts'
import { NumbersRow } from '../messages/numbers-row.ts'
import { RAW_ENCODING } from '../messages/raw-message.ts'
import type { ChunkPlace } from './chunk-file.ts'
import { describeChannels, type Described, type FileContents } from './file-contents.ts'
import type { LoadedChunk } from './loaded-chunk.ts'
import { valueChannels } from './value-channels.ts'

/** What has been found in a file: its chunks, what describes them, and the values that are counted again. */
export class FoundContents {
  /** Chunks that are damaged. */
  damaged = 0
  /** True when the file has an end, which is as it should be. */
  hasEnd = false
  readonly #schemas = new Map<number, McapTypes.Schema>()
  readonly #channels = new Map<number, McapTypes.Channel>()
  readonly #chunks: ChunkPlace[] = []
  readonly #counts = new Map<number, number>()
  readonly #accounts = new Accounts()
  readonly #told = new Map<string, Account>()
  readonly #row = new NumbersRow()

  /** Takes a schema, a channel or the counts that the recorder wrote. */
  describe(record: McapTypes.TypedMcapRecord): void {
    if (record.type === 'Schema') this.#addSchema(record)
    else if (record.type === 'Channel') this.#channels.set(record.id, record)
    else if (record.type === 'Metadata') this.#readMetadata(record)
  }

  /** Takes what is known of the file already: a chunk may come before what says what its messages are. */
  know({ schemas, channels }: Described): void {
    for (const schema of schemas) this.#addSchema(schema)
    for (const channel of channels) this.#channels.set(channel.id, channel)
  }

  /** Takes a chunk. */
  add(chunk: LoadedChunk, where: Pick<ChunkPlace, 'offset' | 'length' | 'isBare'>): void {
    const { count, times } = chunk
    if (count === 0) return
    const own = new Map<number, number>()
    for (const id of chunk.channels) own.set(id, (own.get(id) ?? 0) + 1)
    for (const [id, messages] of own) this.#counts.set(id, (this.#counts.get(id) ?? 0) + messages)
    const channels = Uint16Array.from(own.keys()).toSorted()
    this.#chunks.push({ ...where, from: times[0] as number, to: times[count - 1] as number, channels })
    this.#count(chunk)
  }

  contents(): FileContents {
    return {
      isRead: true,
      isWhole: this.hasEnd && this.damaged === 0,
      damaged: this.damaged,
      chunks: this.#chunks,
      channels: describeChannels(this.#channels.values(), this.#schemas),
      counts: this.#counts,
      accounts: this.#readAccounts(),
      described: { schemas: [...this.#schemas.values()], channels: [...this.#channels.values()] },
    }
  }

  #addSchema(schema: McapTypes.Schema): void {
    // What it says is a view of its chunk.
    this.#schemas.set(schema.id, { ...schema, data: new Uint8Array(schema.data) })
  }

  #readMetadata({ name, metadata }: McapTypes.Metadata): void {
    if (name === EARLIER_ACCOUNTS)
      for (const { topic, epoch, last } of decodeAccounts(metadata))
        this.#accounts.expect({ topic, epoch, seq: last + 1 })
    if (name === ACCOUNTS || name === RUNNING_ACCOUNTS)
      for (const account of decodeAccounts(metadata)) this.#told.set(keyOf(account), account)
  }

  #count(chunk: LoadedChunk): void {
    const described = describeChannels(this.#channels.values(), this.#schemas)
    const channels = valueChannels(described, ({ isRetained }) => !isRetained)
    for (let index = 0; index < chunk.count; index++) {
      const id = chunk.channels[index] as number
      const channel = channels.get(id)
      const time = chunk.logTime(index)
      if (!channel) {
        this.#countRaw(this.#channels.get(id), time)
        continue
      }
      const { topic, kind } = channel
      const row = this.#row
      const [start, end] = [chunk.starts[index] as number, chunk.ends[index] as number]
      if (kind === 'numbers' && row.read(chunk.bytes, chunk.view, start, end)) {
        const seq = row.isUnnumbered ? undefined : row.seq
        this.#accounts.add({ topic, epoch: row.epoch, seq, count: 1, withheld: row.withheld, time })
        continue
      }
      const value = decodeValue(topic, kind, chunk.data(index))
      if (!value) continue
      const { epoch = 0, withheld, block } = value
      this.#accounts.add({ topic, epoch, seq: block.seq, count: 1, withheld, time })
    }
  }

  /** Messages that were recorded as they came have no numbers. */
  #countRaw(channel: McapTypes.Channel | undefined, time: bigint): void {
    if (channel?.messageEncoding !== RAW_ENCODING) return
    this.#accounts.add({ topic: channel.topic, epoch: 0, seq: undefined, count: 1, time })
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
