import { afterEach } from '@jest/globals'
import { Packr } from 'msgpackr'
import * as zmq from 'zeromq'
import { MsgpackCodec } from '@zcast/shared'
import { numbersEnvelope, rowsEnvelope } from './envelopes.ts'

const codec = new MsgpackCodec()
const packr = new Packr({ useRecords: false })

/** A publisher of another make: sends anything, of any size, valid or not. */
export class RawPublisher {
  readonly endpoint: string
  readonly #socket: zmq.XPublisher

  /** Listens on a free port. */
  static async open(): Promise<RawPublisher> {
    const socket = new zmq.XPublisher({ linger: 0, sendTimeout: 0, sendHighWaterMark: 0 })
    await socket.bind('tcp://127.0.0.1:*')
    return new RawPublisher(socket)
  }

  private constructor(socket: zmq.XPublisher) {
    this.#socket = socket
    this.endpoint = socket.lastEndpoint as string
  }

  /** Resolves when somebody subscribes, or has subscribed: each subscription is waited for once. */
  async subscribed(): Promise<void> {
    while (!(await this.nextSubscription()).startsWith('+'));
  }

  /** The next subscription, `+video/`, or end of one, `-video/`; each is told once. */
  async nextSubscription(): Promise<string> {
    for (;;) {
      const [message] = await this.#socket.receive()
      const [first] = message ?? []
      if (message && (first === 0 || first === 1))
        return `${first === 1 ? '+' : '-'}${message.toString('latin1', 1)}`
    }
  }

  /** Sends parts unchanged. */
  async send(...parts: (string | Uint8Array)[]): Promise<void> {
    await this.#socket.send(parts.map((part) => Buffer.from(part)))
  }

  /** Sends an array of one number, which is its sequence number. */
  async sendNumber(seq: number, { epoch = 1 } = {}): Promise<void> {
    await this.send(...codec.encode(numbersEnvelope(seq, { epoch, time: Date.now() / 1000 })))
  }

  /** Sends a block of such arrays. */
  async sendRows(seq: number, rows: number): Promise<void> {
    await this.send(...codec.encode(rowsEnvelope(seq, rows, { time: Date.now() / 1000 })))
  }

  /** Sends a header of any content. */
  async sendHeader(topic: string, header: unknown, ...attachments: Uint8Array[]): Promise<void> {
    await this.send(topic, packr.pack(header), ...attachments)
  }

  close(): void {
    this.#socket.close()
  }
}

/** Opens raw publishers that are closed after each test. */
export function useRawPublisher(): () => Promise<RawPublisher> {
  const opened: RawPublisher[] = []
  afterEach(() => {
    for (const publisher of opened.splice(0)) publisher.close()
  })
  return async () => {
    const publisher = await RawPublisher.open()
    opened.push(publisher)
    return publisher
  }
}
