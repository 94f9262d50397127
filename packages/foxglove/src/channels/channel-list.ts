import { LOG_SCHEMA, type MessageSchema, SCHEMAS } from '@zcast/schemas'
import type { Log } from '@zcast/shared'
import type { Channel } from './channel.ts'
import type { PresentTopic } from './present-topics.ts'
import { type Flow, Tap } from './tap.ts'

/** What changed in a {@link ChannelList}. */
export interface ChannelChange {
  readonly added: readonly Channel[]
  /** Numbers of channels. */
  readonly removed: readonly number[]
}

/** The name of the channel of log lines; topics of zcast contain a slash. */
const LOG_TOPIC = 'log'

/** Everything that clients can subscribe to. */
export class ChannelList {
  readonly #channels = new Map<number, Channel>()
  readonly #ids = new Map<string, number>()
  readonly #flow: (topic: PresentTopic) => Flow
  readonly #log: () => Log | undefined
  #nextId = 1

  /** @param flow - Receives a topic. */
  constructor(flow: (topic: PresentTopic) => Flow, log: () => Log | undefined) {
    this.#flow = flow
    this.#log = log
  }

  /** By number. */
  get channels(): ReadonlyMap<number, Channel> {
    return this.#channels
  }

  /** Adds the lines of a log. */
  addLog(flow: Flow): void {
    this.#add(LOG_TOPIC, LOG_SCHEMA, { flow, isNewestFirst: false })
  }

  /** Adds the topics that are new, and removes those that are gone. @returns `undefined` when nothing changed. */
  update(present: ReadonlyMap<string, PresentTopic>): ChannelChange | undefined {
    const removed = [...this.#ids].filter(([topic]) => topic !== LOG_TOPIC && !present.has(topic))
    for (const [topic, id] of removed) {
      void this.#channels.get(id)?.tap.close()
      this.#channels.delete(id)
      this.#ids.delete(topic)
    }
    const added = [...present.values()]
      .filter(({ topic }) => !this.#ids.has(topic))
      .map((topic) => this.#addTopic(topic))
    if (added.length === 0 && removed.length === 0) return undefined
    return { added, removed: removed.map(([, id]) => id) }
  }

  /** Ends everything that flows. */
  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ tap }) => tap.close()))
  }

  #addTopic(present: PresentTopic): Channel {
    const { topic, kind } = present
    return this.#add(topic, SCHEMAS[kind], {
      flow: this.#flow(present),
      isNewestFirst: kind === 'video',
    })
  }

  #add(
    topic: string,
    { name, data }: MessageSchema,
    { flow, isNewestFirst }: { readonly flow: Flow; readonly isNewestFirst: boolean },
  ): Channel {
    const id = this.#nextId++
    const schema = Buffer.from(data).toString('base64')
    const channel: Channel = {
      advertisement: {
        id,
        topic,
        encoding: 'protobuf',
        schemaName: name,
        schema,
        schemaEncoding: 'protobuf',
      },
      tap: new Tap(topic, flow, this.#log),
      isNewestFirst,
    }
    this.#channels.set(id, channel)
    this.#ids.set(topic, id)
    return channel
  }
}
