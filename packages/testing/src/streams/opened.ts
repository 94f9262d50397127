import { afterEach } from '@jest/globals'
import type { PublishSocket, SocketOptions, SubscribeSocket, Transport } from '@zcast/shared'
import { Recorder } from '../waiting/recorder.ts'

/** Options for opening a publishing socket. */
export interface PublishOptions extends SocketOptions {
  /** Default: the one of the test. */
  readonly transport?: Transport
  /** Sends patiently. Default false. */
  readonly patient?: boolean
}

/** A publishing socket, and the subscriptions it reported: `+video/` and `-video/`. */
export interface OpenedPublish {
  readonly socket: PublishSocket
  /** The endpoint it listens on, if it does. */
  readonly endpoint: string
  readonly subscriptions: Recorder<string>
  /** Sends a message of text parts; patiently if that was requested. */
  send(...parts: string[]): Promise<boolean>
}

/** A subscribing socket, its states, and its messages as text: the parts joined by a space. */
export interface OpenedSubscribe {
  readonly socket: SubscribeSocket
  readonly endpoint: string
  readonly states: Recorder<string>
  readonly messages: Recorder<string>
  /** Starts to read. @returns When `messages()` has ended. */
  read(): Promise<void>
}

/** Opens sockets and closes them after each test. */
export class Opener {
  readonly #create: () => Transport
  readonly #sockets: { close(): Promise<void> }[] = []
  #transport: Transport

  constructor(create: () => Transport) {
    this.#create = create
    this.#transport = create()
    afterEach(async () => {
      await Promise.all(this.#sockets.splice(0).map((socket) => socket.close()))
      this.#transport = this.#create()
    })
  }

  get transport(): Transport {
    return this.#transport
  }

  async publish({
    patient = false,
    transport = this.#transport,
    ...options
  }: PublishOptions): Promise<OpenedPublish> {
    const socket = await transport.openPublish(options)
    this.#sockets.push(socket)
    const subscriptions = new Recorder<string>()
    socket.onSubscription((prefix, subscribed) => subscriptions.add(`${subscribed ? '+' : '-'}${prefix}`))
    return {
      socket,
      endpoint: socket.endpoints[0] ?? '',
      subscriptions,
      send: (...parts) =>
        socket.send(
          parts.map((part) => Buffer.from(part)),
          { patient },
        ),
    }
  }

  /** Publishes on an endpoint that was just released; ZeroMQ frees it some time after `close`. */
  async publishAgain(endpoint: string, options: PublishOptions = {}): Promise<OpenedPublish> {
    for (;;) {
      try {
        return await this.publish({ ...options, bind: [endpoint] })
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_ADDRESS_IN_USE') throw error
        await new Promise(setImmediate)
      }
    }
  }

  /** Opens a subscriber that reads at once, unless `read` is false. */
  async subscribe(
    options: SocketOptions,
    prefixes: readonly string[] = [],
    { read = true, transport = this.#transport }: { read?: boolean; transport?: Transport } = {},
  ): Promise<OpenedSubscribe> {
    const socket = await transport.openSubscribe(options)
    this.#sockets.push(socket)
    const states = new Recorder<string>()
    const messages = new Recorder<string>()
    socket.onPeerState(states.add)
    for (const prefix of prefixes) socket.subscribe(prefix)
    let reading: Promise<void> | undefined
    const start = async (): Promise<void> => {
      for await (const message of socket.messages())
        messages.add(message.map((part) => decode(part)).join(' '))
    }
    const opened = {
      socket,
      endpoint: socket.endpoints[0] ?? '',
      states,
      messages,
      read: () => (reading ??= start()),
    }
    if (read) void opened.read()
    return opened
  }
}

function decode(part: Uint8Array): string {
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString()
}
