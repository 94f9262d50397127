import { McapRecordBuilder, type McapTypes, Opcode } from '@mcap/core'
import type { Described } from '../reading/file-contents.ts'
import { endOf, type LoadedChunk, RECORD_HEAD_BYTES } from '../reading/loaded-chunk.ts'

/**
 * Which schemas and channels a file that is being made has so far, and what it lacks: a reader that goes through it from
 * its beginning must know a channel before its first message.
 */
export class WrittenDescriptions {
  readonly #schemas: Map<number, McapTypes.Schema>
  readonly #channels: ReadonlyMap<number, McapTypes.Channel>
  readonly #written = { schemas: new Set<number>(), channels: new Set<number>() }

  constructor({ schemas, channels }: Described) {
    this.#schemas = new Map(schemas.map((schema) => [schema.id, schema]))
    this.#channels = new Map(channels.map((channel) => [channel.id, channel]))
    // A schema that is lost is said to be unknown: its messages are good, and may say enough by themselves.
    for (const { schemaId: id } of channels)
      if (id !== 0 && !this.#schemas.has(id))
        this.#schemas.set(id, { id, name: '', encoding: '', data: new Uint8Array() })
  }

  /** With those that stand for lost ones. */
  get schemas(): readonly McapTypes.Schema[] {
    return [...this.#schemas.values()]
  }

  /** True when it is known what the messages of a channel are. */
  knows(channelId: number): boolean {
    return this.#channels.has(channelId)
  }

  /** The records that must come before a chunk, which will be written. */
  before(chunk: LoadedChunk): Uint8Array {
    const { bytes, view } = chunk
    const own = new Set<number>()
    const builder = new McapRecordBuilder()
    for (let at = 0; at < bytes.byteLength; at = endOf(view, at)) {
      if (bytes[at] === Opcode.SCHEMA) this.#written.schemas.add(view.getUint16(at + RECORD_HEAD_BYTES, true))
      if (bytes[at] === Opcode.CHANNEL) own.add(view.getUint16(at + RECORD_HEAD_BYTES, true))
    }
    for (const id of own) {
      this.#writeSchema(builder, id)
      this.#written.channels.add(id)
    }
    for (const id of new Set(chunk.channels)) this.#writeChannel(builder, id)
    return builder.buffer
  }

  /** The records that must come before one that is not in a chunk, which will be written. */
  beforeRecord(opcode: Opcode, id: number): Uint8Array {
    const builder = new McapRecordBuilder()
    if (opcode === Opcode.SCHEMA) this.#written.schemas.add(id)
    if (opcode === Opcode.CHANNEL) {
      this.#writeSchema(builder, id)
      this.#written.channels.add(id)
    }
    return builder.buffer
  }

  #writeChannel(builder: McapRecordBuilder, id: number): void {
    const channel = this.#channels.get(id)
    if (!channel || this.#written.channels.has(id)) return
    this.#writeSchema(builder, id)
    builder.writeChannel(channel)
    this.#written.channels.add(id)
  }

  /** Writes that of a channel. */
  #writeSchema(builder: McapRecordBuilder, channelId: number): void {
    const schema = this.#schemas.get(this.#channels.get(channelId)?.schemaId ?? 0)
    if (!schema || this.#written.schemas.has(schema.id)) return
    builder.writeSchema(schema)
    this.#written.schemas.add(schema.id)
  }
}
