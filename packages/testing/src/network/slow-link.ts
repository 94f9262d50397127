import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** The amount that is let through at once. */
const PIECE_BYTES = 4096

/**
 * A network between a listening publisher and its subscribers: a TCP proxy that passes on a limited number of bytes a
 * second.
 */
export class SlowLink {
  /** The rate towards the subscribers. `Infinity` for no limit. */
  bytesASecond: number
  /** The rate from them, for a browser that sends. Set before they connect. */
  bytesASecondBack = Infinity
  readonly #port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  /**
   * @param endpoint - The publisher's: `tcp://127.0.0.1:PORT`.
   * @param host - The address at which it is reached.
   */
  static async to(endpoint: string, bytesASecond: number, host = '127.0.0.1'): Promise<SlowLink> {
    const link = new SlowLink(Number(new URL(endpoint).port), bytesASecond)
    await new Promise<void>((resolve) => link.#server.listen(0, host, resolve))
    return link
  }

  private constructor(port: number, bytesASecond: number) {
    this.#port = port
    this.bytesASecond = bytesASecond
    this.#server = createServer((near) => this.#join(near))
  }

  /** The endpoint for subscribers to connect to. */
  get endpoint(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `tcp://${address}:${port}`
  }

  /** Cuts all connections; new ones may be made. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Cuts all connections and stops listening. */
  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket): void {
    const far = connect(this.#port, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    // A connection that was cut has nothing more to pass on.
    void this.#pace(far, near, () => this.bytesASecond).catch(() => undefined)
    if (this.bytesASecondBack === Infinity) near.pipe(far)
    else void this.#pace(near, far, () => this.bytesASecondBack).catch(() => undefined)
  }

  async #pace(from: Socket, to: Socket, rate: () => number): Promise<void> {
    let dueMs = performance.now()
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.byteLength; start += PIECE_BYTES) {
        const piece = chunk.subarray(start, start + PIECE_BYTES)
        dueMs = Math.max(dueMs, performance.now() - 20) + (piece.byteLength * 1000) / rate()
        const waitMs = dueMs - performance.now()
        if (waitMs > 1) await delay(waitMs)
        if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve))
      }
    }
  }
}
