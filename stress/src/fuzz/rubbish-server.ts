import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Random } from '../support/random.ts'
import { frame, GREETING, longHeader, ready, sendInTurn } from './zmtp.ts'

const PUB = Buffer.concat([GREETING, ready('PUB')])
const OVER_THE_LIMIT = 16n * 1024n * 1024n + 1n

/** What a peer that is no publisher may answer with. */
const ANSWERS: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.alloc(0),
  (random) => random.bytes(random.below(5000)),
  (random) => GREETING.subarray(0, random.below(GREETING.length)),
  () => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  () => Buffer.concat([Buffer.from(GREETING).fill('PLAIN', 12, 17), ready('PUB')]),
  () => Buffer.concat([GREETING, ready('PUSH')]),
  (random) => Buffer.concat([GREETING, Buffer.of(4, 200), random.bytes(200)]),
  () => Buffer.concat([PUB, longHeader(0, 2n ** 63n)]),
  () => Buffer.concat([PUB, longHeader(0, 2n ** 40n), Buffer.alloc(65_536)]),
  () => Buffer.concat([PUB, longHeader(0, OVER_THE_LIMIT), Buffer.alloc(65_536)]),
  () => Buffer.concat([PUB, frame(Buffer.from('numbers/random'), true)]),
  (random) => Buffer.concat([PUB, random.bytes(random.below(5000))]),
  (random) => Buffer.concat([PUB, Buffer.of(4, 5), random.bytes(5), Buffer.of(0xff, 0xff, 0xff)]),
  () => Buffer.concat([PUB, frame(Buffer.from('numbers/random'), true), frame(Buffer.alloc(70_000), true)]),
]

/** A port where subscribers find rubbish instead of a publisher, another kind each time they come. */
export class RubbishServer {
  /** Connections so far. */
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  static async open(random: Random): Promise<RubbishServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new RubbishServer(server, random)
  }

  private constructor(server: Server, random: Random) {
    this.#server = server
    server.on('connection', (socket) => {
      this.connections += 1
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
      sendInTurn(socket, random.pick(ANSWERS)(random))
      // Some go at once, some stay until the peer has ended it or does not.
      setTimeout(() => socket.destroy(), random.pick([5, 100, 1000])).unref()
    })
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
