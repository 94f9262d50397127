import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach } from '@jest/globals'

/** Version 3.0 without keys. */
const GREETING = Buffer.alloc(64)
GREETING.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0])
GREETING.write('NULL', 12)

const READY = command('READY', Buffer.from('\u000bSocket-Type\0\0\0\u0003SUB', 'latin1'))
const PING = command('PING', Buffer.alloc(2))

/** A subscriber that implements ZeroMQ's protocol itself, and so can send what no library lets it send. */
export class RawSubscriber {
  readonly #socket: Socket

  /** Connects to `tcp://HOST:PORT` or `ipc://PATH`. */
  static async open(endpoint: string): Promise<RawSubscriber> {
    const [, host, port] = /^tcp:\/\/(.*):(\d+)$/.exec(endpoint) ?? []
    const socket = host ? connect(Number(port), host) : connect(endpoint.slice('ipc://'.length))
    // The publisher shows the effect of any error.
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(Buffer.concat([GREETING, READY]))
    // Data sent before the publisher has said that it is ready breaks the protocol.
    for (let heard = ''; !heard.includes('XPUB');) {
      const [data] = (await once(socket, 'data')) as [Buffer]
      heard += data.toString('latin1')
    }
    socket.resume()
    return new RawSubscriber(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  /** Subscribes to prefixes. */
  subscribe(...prefixes: readonly string[]): void {
    this.#socket.write(Buffer.concat(prefixes.map((prefix) => message(`\u0001${prefix}`))))
  }

  /** Cancels subscriptions to prefixes, whether it made them or not. */
  unsubscribe(...prefixes: readonly string[]): void {
    this.#socket.write(Buffer.concat(prefixes.map((prefix) => message(`\0${prefix}`))))
  }

  /** Stops reading, but continues to send pings, like a peer that is alive. */
  stopReading(): void {
    this.#socket.pause()
    const timer = setInterval(() => this.#socket.write(PING), 100)
    this.#socket.once('close', () => clearInterval(timer))
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** Opens raw subscribers that are closed after each test. */
export function useRawSubscriber(): (endpoint: string) => Promise<RawSubscriber> {
  const opened: RawSubscriber[] = []
  afterEach(() => {
    for (const subscriber of opened.splice(0)) subscriber.close()
  })
  return async (endpoint) => {
    const subscriber = await RawSubscriber.open(endpoint)
    opened.push(subscriber)
    return subscriber
  }
}

function message(text: string): Buffer {
  const body = Buffer.from(text, 'latin1')
  return Buffer.concat([Buffer.from([0, body.length]), body])
}

function command(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), data])
  return Buffer.concat([Buffer.from([4, body.length]), body])
}
