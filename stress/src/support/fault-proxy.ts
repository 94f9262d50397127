import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** What a {@link FaultProxy} does with bytes on their way. */
export type Fault =
  /** Passes them on. */
  | 'none'
  /** Keeps them, and both connections: a cable that was pulled. */
  | 'silence'
  /** Changes some of them. */
  | 'corruption'

/** One byte in so many is changed. */
const CORRUPTED_ONE_IN = 2000

/** A slow network passes on so many bytes at once, ... */
const PIECE_BYTES = 4096

/** ... and has room for so many pieces; the target is made to wait for more. */
const MOST_WAITING = 16

/** A TCP proxy in front of an endpoint that can be told to misbehave. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #target: { host: string; port: number }
  readonly #sockets = new Set<Socket>()
  readonly #held: (() => void)[] = []
  /** Targets that have sent more than the network has room for. */
  readonly #stopped = new Set<Socket>()
  #fault: Fault = 'none'
  /** What is late, the oldest first. */
  readonly #waiting: (() => void)[] = []
  #lastDueMs = 0
  /** Bytes after which the next connection is cut in the middle of whatever it carries. */
  #cutAfter = Number.POSITIVE_INFINITY
  /** How many connections were made through it. */
  connections = 0
  /** How many bytes it has changed. */
  corrupted = 0
  /** How much later bytes are passed on, in milliseconds. */
  delayMs = 0
  /** How many bytes a second it passes on to all clients together. */
  bytesASecond = Number.POSITIVE_INFINITY

  /** @param endpoint - A `tcp://` endpoint with an IPv4 address. */
  static async open(endpoint: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(endpoint.replace('tcp:', 'http:'))
    const proxy = new FaultProxy({ host: hostname, port: Number(port) })
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  private constructor(target: { host: string; port: number }) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  /** Where to connect to instead. */
  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Misbehaves from now on, or, with `none`, no longer; what it kept goes on its way. */
  set fault(fault: Fault) {
    this.#fault = fault
    if (fault !== 'silence') for (const pass of this.#held.splice(0)) pass()
  }

  /** Resets every connection. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Ends each connection after so many more bytes from the target, wherever that is in a message. */
  cutAfter(bytes: number): void {
    this.#cutAfter = bytes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#held.length = 0
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    this.connections += 1
    const target = connect(this.#target)
    const pair = [client, target]
    for (const socket of pair) {
      this.#sockets.add(socket)
      // A broken connection is what this is for; its end is passed on below.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const other of pair) other.destroy()
      })
    }
    client.on('data', (bytes) => this.#pass(bytes, target))
    target.on('data', (bytes) => this.#pace(this.#cut(bytes, client), target, client))
  }

  #pace(bytes: Buffer, target: Socket, client: Socket): void {
    if (this.bytesASecond === Number.POSITIVE_INFINITY) return this.#pass(bytes, client)
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      const piece = bytes.subarray(start, start + PIECE_BYTES)
      this.#pass(piece, client, (piece.length * 1000) / this.bytesASecond)
    }
    if (this.#waiting.length < MOST_WAITING) return
    target.pause()
    this.#stopped.add(target)
  }

  #cut(bytes: Buffer, client: Socket): Buffer {
    if (bytes.length < this.#cutAfter) {
      this.#cutAfter -= bytes.length
      return bytes
    }
    const rest = bytes.subarray(0, this.#cutAfter)
    this.#cutAfter = Number.POSITIVE_INFINITY
    setImmediate(() => client.end())
    return rest
  }

  /** @param takesMs - For how long the network is busy with it. */
  #pass(bytes: Buffer, to: Socket, takesMs = 0): void {
    const write = (): void => void (to.destroyed || to.write(this.#spoil(bytes)))
    if (this.#fault === 'silence') this.#held.push(write)
    else if (this.delayMs > 0 || this.#waiting.length > 0 || takesMs > 0) this.#writeLater(write, takesMs)
    else write()
  }

  /** Bytes keep their order: while some are late, those that follow are as well. */
  #writeLater(write: () => void, takesMs: number): void {
    this.#waiting.push(write)
    const due = Math.max(performance.now() + this.delayMs, this.#lastDueMs) + takesMs
    this.#lastDueMs = due
    setTimeout(() => {
      // Not its own: timers that are due at nearly the same time may fire in any order.
      this.#waiting.shift()?.()
      if (this.#waiting.length >= MOST_WAITING) return
      for (const target of this.#stopped) target.resume()
      this.#stopped.clear()
    }, due - performance.now())
  }

  #spoil(bytes: Buffer): Buffer {
    if (this.#fault !== 'corruption') return bytes
    const spoilt = Buffer.from(bytes)
    for (let index = 0; index < spoilt.length; index++) {
      if (Math.random() * CORRUPTED_ONE_IN >= 1) continue
      spoilt[index] = (spoilt[index] as number) ^ (1 << Math.trunc(Math.random() * 8))
      this.corrupted += 1
    }
    return spoilt
  }
}
