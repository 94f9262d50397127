import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freeEndpoint } from '../free-endpoint.ts'
import type { Link } from './link.ts'

/** What is let through at once. */
const PIECE_BYTES = 4096

/** A pause in the traffic is not made up for by more than this. */
const BURST_MS = 20

/** A TCP proxy that passes on so much a second to the subscribers, and all of it half a round trip late. */
export class PacedLink implements Link {
  readonly kind = 'a pacing proxy'
  readonly listen: string
  readonly sender = []
  readonly receiver = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #oneWayMs: number
  #bytesASecond: number

  static async open(bytesASecond: number, roundTripMs: number): Promise<PacedLink> {
    const listen = (await freeEndpoint()).replace('tcp://', '')
    const link = new PacedLink(listen, bytesASecond, roundTripMs)
    await new Promise<void>((resolve) => link.#server.listen(0, '127.0.0.1', resolve))
    return link
  }

  private constructor(listen: string, bytesASecond: number, roundTripMs: number) {
    this.listen = listen
    this.#bytesASecond = bytesASecond
    this.#oneWayMs = roundTripMs / 2
    this.#server = createServer((near) => this.#join(near))
  }

  get near(): string {
    return this.listen
  }

  get reach(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  carry(bytesASecond: number): void {
    this.#bytesASecond = bytesASecond
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket): void {
    const [host, port] = this.listen.split(':') as [string, string]
    const far = connect(Number(port), host)
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
    near.on('data', (bytes) => this.#late(() => far.write(bytes)))
    // One that is cut has nothing more to pass on.
    this.#pace(far, near).catch(() => undefined)
  }

  /** Timers of one length fire in the order in which they were set, so that bytes keep theirs. */
  #late(write: () => void): void {
    if (this.#oneWayMs === 0) write()
    else setTimeout(write, this.#oneWayMs)
  }

  async #pace(from: Socket, to: Socket): Promise<void> {
    let dueMs = performance.now()
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.byteLength; start += PIECE_BYTES) {
        const piece = chunk.subarray(start, start + PIECE_BYTES)
        dueMs = Math.max(dueMs, performance.now() - BURST_MS) + (piece.byteLength * 1000) / this.#bytesASecond
        const waitMs = dueMs - performance.now()
        if (waitMs > 1) await delay(waitMs)
        this.#late(() => to.write(piece))
        // A reader that takes nothing stops the rest.
        if (to.writableNeedDrain)
          await new Promise((resolve) => to.once('drain', resolve).once('close', resolve))
      }
    }
  }
}
