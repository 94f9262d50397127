import { createRequire } from 'node:module'
import type { FoxgloveClient as Client, IWebSocket } from '@foxglove/ws-protocol'
import protobuf from 'protobufjs'
import { WebSocket } from 'ws'
import { Recorder } from '../waiting/recorder.ts'

// Its modules for import lack what Node.js needs of them.
const require = createRequire(import.meta.url)
const { FoxgloveClient } = require('@foxglove/ws-protocol') as { FoxgloveClient: typeof Client }
const { FileDescriptorSet } = require('protobufjs/ext/descriptor') as {
  FileDescriptorSet: { decode(bytes: Uint8Array): object }
}

/** A channel as a program is told of it. */
export interface ToldChannel {
  readonly id: number
  readonly topic: string
  readonly encoding: string
  readonly schemaName: string
  readonly schema: string
  readonly schemaEncoding?: string
}

/** A message, decoded by the schema that was advertised. */
export interface Decoded {
  readonly topic: string
  /** Nanoseconds since the Unix epoch. */
  readonly timestamp: bigint
  readonly content: Record<string, unknown>
}

/** Decodes the messages of a channel, by what the server says of it and nothing else. */
export function decoderOf({
  schemaName,
  schema,
}: Pick<ToldChannel, 'schemaName' | 'schema'>): (bytes: Uint8Array) => Decoded['content'] {
  const set = FileDescriptorSet.decode(Buffer.from(schema, 'base64'))
  const Root = protobuf.Root as unknown as { fromDescriptor(set: object): protobuf.Root }
  const type = Root.fromDescriptor(set).resolveAll().lookupType(schemaName)
  return (bytes) => type.toObject(type.decode(bytes), { longs: Number })
}

/** A program as Lichtblick is one: with its client library, and a decoder of protobuf that knows nothing of zcast. */
export class FoxgloveProgram {
  readonly socket: WebSocket
  readonly info = new Recorder<{ name: string; sessionId?: string }>()
  readonly statuses = new Recorder<{ level: number; message: string }>()
  readonly messages = new Recorder<Decoded>()
  readonly errors = new Recorder<Error>()
  readonly gone = new Recorder<number>()
  readonly #channels = new Recorder<ToldChannel>()
  readonly #client: Client
  readonly #decoders = new Map<number, { topic: string; decode: (bytes: Uint8Array) => Decoded['content'] }>()

  constructor(address: string, subprotocol: string) {
    this.socket = new WebSocket(address, subprotocol)
    const ws: unknown = this.socket
    this.#client = new FoxgloveClient({ ws: ws as IWebSocket })
    this.#client.on('serverInfo', this.info.add)
    this.#client.on('status', this.statuses.add)
    this.#client.on('error', this.errors.add)
    this.#client.on('advertise', (channels) => channels.forEach((channel) => this.#channels.add(channel)))
    this.#client.on('unadvertise', (ids) => ids.forEach((id) => this.gone.add(id)))
    this.#client.on('message', ({ subscriptionId, timestamp, data }) => {
      const { topic, decode } = this.#decoders.get(subscriptionId) ?? {}
      if (topic === undefined || !decode) return
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      this.messages.add({ topic, timestamp, content: decode(bytes) })
    })
  }

  /** The topics it was told of, in order. */
  get topics(): readonly string[] {
    return this.#channels.seen.map(({ topic }) => topic)
  }

  /** The newest channel of a topic, once it is advertised. */
  async channel(topic: string): Promise<ToldChannel> {
    const isIt = (channel: ToldChannel): boolean =>
      channel.topic === topic && !this.gone.seen.includes(channel.id)
    await this.#channels.until((seen) => seen.some(isIt))
    return this.#channels.seen.findLast(isIt) as ToldChannel
  }

  /** Subscribes to a topic, once it is advertised. @returns A function that ends it. */
  async subscribe(topic: string): Promise<() => void> {
    const channel = await this.channel(topic)
    const id = this.#client.subscribe(channel.id)
    this.#decoders.set(id, { topic, decode: decoderOf(channel) })
    return () => this.#client.unsubscribe(id)
  }

  /** Resolves when the server has read everything that was said before. */
  async settled(): Promise<void> {
    const answered = this.statuses.seen.length + 1
    this.#client.getParameters([])
    await this.statuses.count(answered)
  }

  /** Says anything. */
  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  close(): void {
    this.socket.terminate()
  }
}
