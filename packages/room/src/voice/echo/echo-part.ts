import { createServer, type Server, type Socket } from 'node:net'
import { wavHeader } from '@zcast/media'
import { EndpointError } from '@zcast/shared'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { plainAddress } from '@zcast/web/internal'
import { Turns } from '../../limits/turns.ts'
import type { Guest } from '../../people/guest.ts'
import { Refusal } from '../../people/refusal.ts'
import type { RoomContext, RoomPart } from '../../room-part.ts'
import { decodeClip } from '../make-clip.ts'
import type { PendingClip, VoiceListener, VoicePart } from '../voice-part.ts'
import { EchoConnection } from './echo-connection.ts'
import { checkEchoFormat, type EchoFormat } from './echo-format.ts'
import { readEchoMessage, writeEchoMessage } from './echo-message.ts'

/** Where the old voice programs come in, and how they record. */
export interface EchoOptions extends EchoFormat {
  /** TCP port, 0 to 65,535; 0 picks a free one. */
  readonly port: number
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined
}

/** Programs at once. */
const MAX_PROGRAMS = 32
/** Of all messages whose end has not come; beyond it the longest is cut off. */
const MAX_HELD_BYTES = 64 * 1024 * 1024

/**
 * The old multi-user voice echo, unchanged on a port of its own: JSON that ends with a NUL byte, with chunks of samples
 * in base64. Its programs are guests like any others: what they send is heard by everybody, and they hear everybody,
 * themselves too, as they always did.
 */
export class EchoPart implements RoomPart, VoiceListener {
  readonly #context: RoomContext
  readonly #voices: VoicePart
  readonly #options: EchoOptions
  readonly #format: ReturnType<typeof checkEchoFormat>
  readonly #server: Server
  readonly #connections = new Map<EchoConnection, Guest | undefined>()
  /** Clips in the programs' own format, from when they were sent until they are heard. */
  readonly #prepared = new Map<string, Promise<Buffer>>()
  /** Each takes an ffmpeg. */
  readonly #turns = new Turns(1)

  constructor(context: RoomContext, voices: VoicePart, options: EchoOptions) {
    this.#context = context
    this.#voices = voices
    this.#options = options
    this.#format = checkEchoFormat(options)
    this.#server = createServer((socket) => this.#accept(socket))
    voices.addListener(this)
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#options.port
  }

  /** @throws {@link EndpointError} when the port is taken, or cannot be bound. */
  async open(): Promise<void> {
    const { port, host = '127.0.0.1' } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(explain(error, `tcp://${host}:${port}`)))
      this.#server.listen({ port, host }, resolve)
    })
    this.#server.on('error', (error) =>
      this.#context.log.error('the port of old voice programs failed', error),
    )
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.keys()) connection.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  prepare(pending: PendingClip): void {
    // A minute takes 14 MB: nothing is kept for nobody.
    if (this.#connections.size > 0) this.#prepared.set(pending.clip.id, this.#write(pending))
  }

  speak(pending: PendingClip): void {
    const { id } = pending.clip
    // Who has come meanwhile hears it a moment later.
    const preparing =
      this.#prepared.get(id) ?? (this.#connections.size > 0 ? this.#write(pending) : undefined)
    this.#prepared.delete(id)
    preparing?.then(
      (message) => {
        for (const connection of this.#connections.keys()) connection.send(message)
      },
      () => undefined,
    )
  }

  #write({ clip, path }: PendingClip): Promise<Buffer> {
    const writing = this.#turns.run(async () => {
      const samples = await decodeClip(path, this.#context.rules.maxVoiceSeconds, this.#format)
      return writeEchoMessage(clip.name, samples, this.#format)
    })
    writing.catch((error: unknown) => {
      this.#context.log.warning('a clip could not be sent to the old voice programs', error, 'echo clip')
    })
    return writing
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= MAX_PROGRAMS && !this.#makeRoom()) {
      socket.destroy()
      this.#context.log.warning(`more than ${MAX_PROGRAMS} old voice programs came: further ones are refused`)
      return
    }
    const address = plainAddress(socket.remoteAddress)
    const connection: EchoConnection = new EchoConnection(socket, {
      onMessage: (bytes) => this.#take(connection, bytes, address),
      onHeld: () => this.#limitHeld(),
      onEnd: (reason) => this.#gone(connection, reason),
    })
    this.#connections.set(connection, undefined)
  }

  /** Cuts off the oldest one that has said nothing yet. @returns False when there is none. */
  #makeRoom(): boolean {
    for (const [connection, guest] of this.#connections) {
      if (guest) continue
      connection.cut('it had said nothing when others came')
      return true
    }
    return false
  }

  #limitHeld(): void {
    const connections = [...this.#connections.keys()].toSorted(
      (one, other) => other.heldBytes - one.heldBytes,
    )
    const held = connections.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
    if (held > MAX_HELD_BYTES) connections[0]?.cut('the messages of all programs together were too large')
  }

  async #take(connection: EchoConnection, bytes: Buffer, address: string): Promise<void> {
    // It has gone while an earlier message of it was taken.
    if (!this.#connections.has(connection)) return
    const message = readEchoMessage(bytes)
    if (typeof message === 'string') {
      this.#context.log.warning(
        `a message of an old voice program was left out: ${message}`,
        undefined,
        'echo message',
      )
      return
    }
    if (message.quit) return connection.end()
    try {
      const guest = this.#connections.get(connection) ?? this.#enter(connection, message.username, address)
      if (message.samples.length === 0 || !this.#context.guests.has(guest)) return
      if (guest.shown.isMuted) throw new Refusal('ERR_MUTED', 'a host has muted them')
      const header = wavHeader(this.#format, message.samples.length)
      await this.#voices.take(guest, Buffer.concat([header, message.samples]))
    } catch (error) {
      // The protocol has no answer that says so.
      const reason = errorMessage(error)
      this.#context.log.warning(`a clip of an old voice program was left out: ${reason}`, error, 'echo clip')
    }
  }

  #enter(connection: EchoConnection, username: unknown, address: string): Guest {
    const guest = this.#context.enter(username, address, {
      bufferedBytes: 0,
      send: () => undefined,
      close: () => connection.end(),
      terminate: () => connection.cut(),
    })
    this.#connections.set(connection, guest)
    return guest
  }

  #gone(connection: EchoConnection, reason: string | undefined): void {
    const guest = this.#connections.get(connection)
    this.#connections.delete(connection)
    if (guest) this.#context.leave(guest)
    if (reason !== undefined)
      this.#context.log.warning(`an old voice program was cut off: ${reason}`, undefined, 'echo cut')
  }
}

function explain(error: unknown, endpoint: string): EndpointError {
  const isTaken = systemErrorCode(error) === 'EADDRINUSE'
  const reason = isTaken
    ? 'another program already does; choose another port with --echo-port'
    : errorMessage(error)
  const code = isTaken ? 'ERR_ADDRESS_IN_USE' : 'ERR_ADDRESS_UNAVAILABLE'
  return new EndpointError(code, endpoint, `cannot listen for old voice programs on ${endpoint}: ${reason}`, {
    cause: error,
  })
}
