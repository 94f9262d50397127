import { once, setMaxListeners } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { EndpointError } from '@zcast/shared'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import type { Source } from '../source.ts'
import { FramedClient, type FramedDeadlines } from './framed-client.ts'
import { LiveSource, type LiveOptions } from './live-source.ts'
import type { SourceListener } from './source-listener.ts'

/** The address to listen on. */
export interface FramedAddress {
  readonly host: string
  /** 0 chooses a free port. */
  readonly port: number
}

/** The largest number of clients at a time; each may hold a message of 16 MiB. */
const MAX_CLIENTS = 16
const DEADLINES: FramedDeadlines = { firstMs: 10_000, messageMs: 30_000, silenceMs: 60_000, graceMs: 500 }
const EXPECTED_BYTES = 512 * 1024

/**
 * Listens for clients that push their video as length-prefixed protobuf over TCP. Each is a source of its own while it
 * is connected. Bytes that break the rules, and messages that take too long, close their client, with one line in the
 * log, and no other client. There are at most 16 at a time; one that has not sent a message yet gives way to a new one.
 */
export class FramedListener implements SourceListener {
  readonly expectedBytes = EXPECTED_BYTES
  readonly #server: Server
  readonly #options: LiveOptions
  readonly #numbers = new Set<number>()
  readonly #clients = new Set<FramedClient>()
  readonly #deadlines: FramedDeadlines
  #serve: ((client: FramedClient) => void) | undefined

  /** @throws {@link EndpointError} when the address cannot be listened on. */
  static async open(
    { host, port }: FramedAddress,
    options: LiveOptions = {},
    deadlines: FramedDeadlines = DEADLINES,
  ): Promise<FramedListener> {
    // Paused: a client that connects before `listen` waits.
    const server = createServer({ pauseOnConnect: true })
    try {
      server.listen(port, host)
      await once(server, 'listening')
    } catch (error) {
      const code = systemErrorCode(error)
      const endpoint = `framed://${host.includes(':') ? `[${host}]` : host}:${port}`
      throw new EndpointError(
        code === 'EADDRINUSE' ? 'ERR_ADDRESS_IN_USE' : 'ERR_ADDRESS_UNAVAILABLE',
        endpoint,
        `cannot listen on ${endpoint}: ${errorMessage(error)}`,
        { cause: error },
      )
    }
    return new FramedListener(server, options, deadlines)
  }

  private constructor(server: Server, options: LiveOptions, deadlines: FramedDeadlines) {
    this.#server = server
    this.#options = options
    this.#deadlines = deadlines
    server.on('connection', (socket) => this.#admit(socket))
    server.on('error', (error) => options.log?.error('the listener for framed video failed', error))
  }

  /** The address it listens on, with the port that was chosen. */
  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `framed://${address.includes(':') ? `[${address}]` : address}:${port}`
  }

  async listen(
    publish: (source: Source, number: number) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    // Every client's source adds a listener to it.
    setMaxListeners(0, signal)
    const running = new Set<Promise<void>>()
    this.#serve = (client) => {
      const run = this.#publish(client, publish).finally(() => running.delete(run))
      running.add(run)
    }
    for (const client of this.#clients) this.#serve(client)
    if (!signal.aborted) await once(signal, 'abort')
    await this.close()
    await Promise.all(running)
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #admit(socket: Socket): void {
    const client = new FramedClient(socket, this.#deadlines)
    if (this.#clients.size >= MAX_CLIENTS) {
      // Sets keep their order: the first one has waited longest.
      const silent = [...this.#clients].find((other) => other.mayGiveWay)
      if (!silent) {
        client.close()
        const sentence = `refused the client ${client.name}: ${MAX_CLIENTS} clients are connected, which is the limit`
        this.#options.log?.warning(sentence, undefined, 'a framed client was refused')
        return
      }
      this.#clients.delete(silent)
      silent.close(new Error(`it has sent no picture, and ${MAX_CLIENTS} others are connected`))
    }
    this.#clients.add(client)
    client.onClose(() => this.#clients.delete(client))
    this.#serve?.(client)
  }

  async #publish(
    client: FramedClient,
    publish: (source: Source, number: number) => Promise<void>,
  ): Promise<void> {
    let number = 1
    while (this.#numbers.has(number)) number++
    this.#numbers.add(number)
    const source = new LiveSource(client, {
      ...this.#options,
      exitOnEnd: true,
      onEnd: undefined,
      eager: true,
    })
    try {
      await publish(source, number)
    } catch (error) {
      const sentence = `closed the client ${client.name}: ${errorMessage(error)}`
      this.#options.log?.warning(sentence, undefined, 'a framed client was closed')
    } finally {
      client.close()
      this.#numbers.delete(number)
    }
  }
}
