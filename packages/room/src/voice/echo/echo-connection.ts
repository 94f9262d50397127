import { once } from 'node:events'
import type { Socket } from 'node:net'
import { pause } from '@zcast/shared/internal'
import { MessageSplitter } from './message-splitter.ts'

/** A minute of stereo at 48 kHz, in base64, with its JSON. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024
/** A message that does not go on for this long is given up, with its sender, in milliseconds. */
const STALLED_MS = 30_000
/** A connection that was silent for so long is tried by the system, in milliseconds. */
const KEEP_ALIVE_MS = 60_000
/** Clips that wait for a program that takes them slowly; the oldest are left out. */
const MAX_WAITING = 4
/**
 * Between two messages to one program, in milliseconds: the old programs take what they receive at once for one message,
 * and two of them in one piece end them.
 */
const APART_MS = 300

/** One old voice program. */
export class EchoConnection {
  readonly #socket: Socket
  readonly #waiting: Buffer[] = []
  readonly #splitter = new MessageSplitter(MAX_MESSAGE_BYTES)
  readonly #cut: (reason?: string) => void
  #isSending = false

  /**
   * @param onMessage - Called with each message, one after the other.
   * @param onHeld - Called when it holds more of a message than before.
   * @param onEnd - Called once, with a clause where the program was cut off.
   */
  constructor(
    socket: Socket,
    {
      onMessage,
      onHeld,
      onEnd,
    }: {
      readonly onMessage: (bytes: Buffer) => Promise<void>
      readonly onHeld: () => void
      readonly onEnd: (reason?: string) => void
    },
  ) {
    this.#socket = socket
    let end = (reason?: string): void => {
      end = () => undefined
      socket.destroy()
      onEnd(reason)
    }
    // The programs are silent for hours: one whose machine is gone must not keep its place.
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    this.#cut = (reason) => end(reason)
    socket.on('error', () => end())
    socket.on('close', () => end())
    socket.setTimeout(STALLED_MS, () => {
      if (this.#splitter.heldBytes > 0) end('its message stopped midway')
    })
    let handling = Promise.resolve()
    socket.on('data', (bytes: Buffer) => {
      const messages = this.#splitter.add(bytes)
      if (!messages) return end('its message is larger than a minute of sound')
      if (messages.length === 0) return onHeld()
      // What comes meanwhile waits in the system.
      socket.pause()
      for (const message of messages) handling = handling.then(() => onMessage(message))
      void handling.then(() => socket.resume())
    })
  }

  /** The bytes of its message whose end has not come. */
  get heldBytes(): number {
    return this.#splitter.heldBytes
  }

  /** Sends a message, after those before it. */
  send(message: Buffer): void {
    this.#waiting.push(message)
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
    if (!this.#isSending) void this.#sendWaiting()
  }

  /** Ends it, after what was sent has gone out; whether the program ends it too or not. */
  end(): void {
    this.#socket.destroySoon()
  }

  /** Ends it at once. @param reason - A clause, where it is cut off for what it does. */
  cut(reason?: string): void {
    this.#cut(reason)
  }

  /** Waits until the system has taken what was sent, or the connection has ended. */
  async #drained(): Promise<void> {
    const over = new AbortController()
    const { signal } = over
    const ends = ['drain', 'close'].map((event) => once(this.#socket, event, { signal }))
    await Promise.race(ends).catch(() => undefined)
    // The one that did not come would be listened for as long as the connection lasts.
    over.abort()
  }

  async #sendWaiting(): Promise<void> {
    this.#isSending = true
    for (
      let message = this.#waiting.shift();
      message && !this.#socket.destroyed;
      message = this.#waiting.shift()
    ) {
      if (!this.#socket.write(message)) await this.#drained()
      await pause(APART_MS, undefined)
    }
    this.#isSending = false
  }
}
