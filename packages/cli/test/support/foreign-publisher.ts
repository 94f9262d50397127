import { type PublishSocket, ZeromqTransport } from '@zcast/shared'

/** A publisher that sends whatever parts it is given: what a stranger may do. */
export class ForeignPublisher implements AsyncDisposable {
  readonly endpoint: string
  readonly #socket: PublishSocket
  readonly #subscribed: Promise<void>

  /** Listens on a free port, and waits for slow subscribers rather than dropping their messages. */
  static async open(): Promise<ForeignPublisher> {
    const transport = new ZeromqTransport()
    return new ForeignPublisher(
      await transport.openPublish({ bind: ['tcp://127.0.0.1:*'], highWaterMark: 1000 }),
    )
  }

  private constructor(socket: PublishSocket) {
    this.#socket = socket
    this.endpoint = socket.endpoints[0] as string
    this.#subscribed = new Promise((resolve) => socket.onSubscription(() => resolve()))
  }

  /** Resolves when somebody has subscribed, so that nothing sent from then on is lost. */
  get subscribed(): Promise<void> {
    return this.#subscribed
  }

  async send(...parts: (Uint8Array | string)[]): Promise<void> {
    const message = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
    await this.#socket.send(message, { patient: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close()
  }
}
