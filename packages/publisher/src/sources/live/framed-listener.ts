import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { EndpointError, errorMessage, SourceError, systemErrorCode } from '@zcast/shared'
import { mendJpeg, type CapturedPicture } from '@zcast/shared/media'
import type { Source } from '../source.ts'
import { FramedSplitter } from './framed-splitter.ts'
import type { LiveInput } from './live-input.ts'
import { LiveSource, type LiveOptions } from './live-source.ts'
import type { SourceListener } from './source-listener.ts'

/** Where to listen. */
export interface FramedAddress {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
}

/** Clients at a time; each may hold a message of 16 MiB. */
const MAX_CLIENTS = 16
const SILENCE_MS = 60_000
const EXPECTED_BYTES = 512 * 1024

/**
 * Listens for clients that push their video as length-prefixed protobuf over TCP. Each is a source of its own for as long
 * as it is connected. Bytes that break the rules close their client, with one line in the log, and no other.
 */
export class FramedListener implements SourceListener {
  readonly expectedBytes = EXPECTED_BYTES
  readonly #server: Server
  readonly #options: LiveOptions
  readonly #numbers = new Set<number>()
  readonly #sockets = new Set<Socket>()

  /** @throws {@link EndpointError} when the address cannot be listened on. */
  static async open({ host, port }: FramedAddress, options: LiveOptions = {}): Promise<FramedListener> {
    // Paused: a client that comes before `listen` waits.
    const server = createServer({ pauseOnConnect: true })
    server.maxConnections = MAX_CLIENTS
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
    return new FramedListener(server, options)
  }

  private constructor(server: Server, options: LiveOptions) {
    this.#server = server
    this.#options = options
    server.on('connection', (socket) => this.#hold(socket))
    server.on('error', (error) => options.log?.error('the listener for framed video failed', error))
  }

  /** Where it listens, with the port that was chosen. */
  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `framed://${address.includes(':') ? `[${address}]` : address}:${port}`
  }

  async listen(
    publish: (source: Source, number: number) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const running = new Set<Promise<void>>()
    const serve = (socket: Socket): void => {
      const run = this.#serve(socket, publish).finally(() => running.delete(run))
      running.add(run)
    }
    for (const socket of this.#sockets) serve(socket)
    this.#server.on('connection', serve)
    if (!signal.aborted) await once(signal, 'abort')
    await this.close()
    await Promise.all(running)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    // What went wrong comes out where it is read.
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('nothing came for a minute')))
  }

  async #serve(socket: Socket, publish: (source: Source, number: number) => Promise<void>): Promise<void> {
    const peer = `${socket.remoteAddress ?? 'somebody'}:${socket.remotePort ?? 0}`
    let number = 1
    while (this.#numbers.has(number)) number++
    this.#numbers.add(number)
    const source = new LiveSource(new FramedClientInput(socket, peer), {
      ...this.#options,
      exitOnEnd: true,
      eager: true,
    })
    try {
      await publish(source, number)
    } catch (error) {
      this.#options.log?.warning(`closed the client ${peer}: ${errorMessage(error)}`)
    } finally {
      socket.destroy()
      this.#numbers.delete(number)
    }
  }
}

class FramedClientInput implements LiveInput {
  readonly name: string
  readonly once = true
  readonly #socket: Socket

  constructor(socket: Socket, peer: string) {
    this.name = peer
    this.#socket = socket
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const stop = (): unknown => this.#socket.destroy()
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const splitter = new FramedSplitter()
    try {
      for await (const chunk of this.#socket) {
        for (const image of splitter.push(chunk as Buffer)) {
          const mended = mendJpeg(image)
          if (!mended || mended.endMissing)
            throw new SourceError('ERR_SOURCE_FAILED', 'it sent an image that is no JPEG')
          yield { jpeg: mended.jpeg }
        }
      }
      if (splitter.truncated) throw new SourceError('ERR_SOURCE_FAILED', 'it went away within a message')
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
      this.#socket.destroy()
    }
  }
}
