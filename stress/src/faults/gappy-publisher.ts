import { MsgpackCodec, type PublishSocket, wallClock, ZeromqTransport } from '@zcast/shared'

export const TOPIC = 'numbers/gappy'
export const EPOCH = 4711
const EVERY_MS = 5
const AT_ONCE = 5
/** Of each so many numbers ... */
const ROUND = 50
/** ... these are never sent. */
const LEFT_OUT: ReadonlySet<number> = new Set([7, 8, 9])

/** True for a value that is never sent. */
export function isLeftOut(seq: number): boolean {
  return LEFT_OUT.has(seq % ROUND)
}

/** Sends 1,000 arrays a second that do not compress, with known gaps. */
export class GappyPublisher {
  readonly endpoint: string
  readonly #socket: PublishSocket
  readonly #codec = new MsgpackCodec()
  readonly #timer: NodeJS.Timeout
  #seq = 0

  private constructor(socket: PublishSocket) {
    this.#socket = socket
    this.endpoint = socket.endpoints[0] ?? ''
    this.#timer = setInterval(() => this.#send(), EVERY_MS)
  }

  static async open(): Promise<GappyPublisher> {
    const options = { bind: ['tcp://127.0.0.1:*'], highWaterMark: 100_000 }
    return new GappyPublisher(await new ZeromqTransport().openPublish(options))
  }

  /** The next number. */
  get seq(): number {
    return this.#seq
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#socket.close()
  }

  #send(): void {
    for (const end = this.#seq + AT_ONCE; this.#seq < end; this.#seq++) {
      if (isLeftOut(this.#seq)) continue
      const data = Float64Array.from({ length: 20 }, () => Math.random())
      data[0] = this.#seq
      const block = {
        kind: 'numbers',
        seq: this.#seq,
        time: wallClock(),
        rows: 1,
        columns: 20,
        data,
      } as const
      void this.#socket.send(this.#codec.encode({ topic: TOPIC, epoch: EPOCH, block }))
    }
  }
}
