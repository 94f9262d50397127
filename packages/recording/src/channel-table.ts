import type { McapTypes } from '@mcap/core'
import { type MessageSchema, SCHEMAS } from '@zcast/schemas'
import type { BlockKind } from '@zcast/shared'
import type { OpenChannel } from './mcap/open-chunk.ts'
import { RAW_ENCODING } from './messages/raw-message.ts'
import { RETAINED } from './reading/chunk-file.ts'

/** Topics of a file; further ones are not recorded. */
const MAX_TOPICS = 4096

type NewChannel = Omit<McapTypes.Channel, 'id' | 'schemaId'> & Pick<OpenChannel, 'schema'>

/** The channels of a file: one for each topic, and one for what it had before. */
export class ChannelTable {
  readonly #channels = new Map<string, OpenChannel>()
  readonly #retained = new Map<string, OpenChannel>()

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

  /** A channel of the same topic for a value that came before, and is none of this file. */
  retained(topic: string, kind: BlockKind): OpenChannel | undefined {
    const { id, name, data } = SCHEMAS[kind]
    const schema = { id, name, encoding: 'protobuf', data }
    const known = this.#retained.get(topic)
    if (known || this.#retained.size >= MAX_TOPICS) return known
    const added = this.#make({ topic, messageEncoding: 'protobuf', schema, metadata: new Map([RETAINED]) })
    this.#retained.set(topic, added)
    return added
  }

  all(): readonly OpenChannel[] {
    return [...this.#channels.values(), ...this.#retained.values()]
  }

  #open(topic: string, messageEncoding: string, schema?: McapTypes.Schema): OpenChannel | undefined {
    const known = this.#channels.get(topic)
    if (known || this.#channels.size >= MAX_TOPICS) return known
    const added = this.#make({ topic, messageEncoding, schema, metadata: new Map() })
    this.#channels.set(topic, added)
    return added
  }

  #make({ schema, ...channel }: NewChannel): OpenChannel {
    const id = this.#channels.size + this.#retained.size + 1
    return { channel: { ...channel, id, schemaId: schema?.id ?? 0 }, schema }
  }
}
