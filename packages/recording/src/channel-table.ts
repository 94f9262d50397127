import type { McapTypes } from '@mcap/core'
import { type MessageSchema, SCHEMAS } from '@zcast/schemas'
import type { BlockKind } from '@zcast/shared'
import type { OpenChannel } from './mcap/open-chunk.ts'
import { RAW_ENCODING } from './messages/raw-message.ts'

/** Topics of a file; further ones are not recorded. */
const MAX_TOPICS = 4096

/** The channels of a file: one for each topic. */
export class ChannelTable {
  readonly #channels = new Map<string, OpenChannel>()

  /** Topics with values. */
  topics = 0

  /** The channel of a topic; `undefined` when there are too many. */
  of(topic: string, kind: BlockKind): OpenChannel | undefined {
    const known = this.#channels.get(topic)
    if (known) return known
    const added = this.add(topic, SCHEMAS[kind])
    if (added) this.topics += 1
    return added
  }

  /** The same for a topic of another schema, which is none of a value. */
  add(topic: string, { id, name, data }: MessageSchema): OpenChannel | undefined {
    return this.#open(topic, 'protobuf', { id, name, encoding: 'protobuf', data })
  }

  /** The same for messages of other programs, which are kept as they are. */
  raw(topic: string): OpenChannel | undefined {
    const count = this.#channels.size
    const channel = this.#open(topic, RAW_ENCODING)
    this.topics += this.#channels.size - count
    return channel
  }

  #open(topic: string, messageEncoding: string, schema?: McapTypes.Schema): OpenChannel | undefined {
    const known = this.#channels.get(topic)
    if (known || this.#channels.size >= MAX_TOPICS) return known
    const own = { id: this.#channels.size + 1, schemaId: schema?.id ?? 0, topic, messageEncoding }
    const added = { channel: { ...own, metadata: new Map<string, string>() }, schema }
    this.#channels.set(topic, added)
    return added
  }

  all(): readonly OpenChannel[] {
    return [...this.#channels.values()]
  }
}
