import type { ServerResponse } from 'node:http'
import type { WebChannel } from './web-channel.ts'

/** The time that a request waits for something to answer with: browsers have six connections for everything. */
const HOLD_MS = 1000
/** A browser that has not sent a request for this long is gone. */
const EXPIRES_AFTER_MS = 30_000
/** The number of messages that wait for the next request; senders check `bufferedBytes`, so more means a stuck peer. */
const MAX_WAITING = 32

/**
 * A channel without a WebSocket, for browsers behind a proxy that does not support them: each request carries the
 * browser's messages, and is answered with one message as soon as there is one.
 */
export class PollChannel implements WebChannel {
  readonly maxInFlight = 1
  readonly #waiting: (Uint8Array | string)[] = []
  readonly #messageListeners = new Set<(text: string) => void>()
  readonly #flushListeners = new Set<() => void>()
  readonly #closeListeners = new Set<() => void>()
  #request: ServerResponse | undefined
  #holding: NodeJS.Timeout | undefined
  #expiring: NodeJS.Timeout | undefined
  #sendingBytes = 0
  #closed = false

  constructor() {
    this.#expect()
  }

  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, this.#sendingBytes)
  }

  /** Accepts a request: the browser's messages, and the response that waits for a message. */
  poll(texts: readonly string[], response: ServerResponse): void {
    this.#expect()
    this.#answer(204)
    this.#request = response
    response.once('close', () => {
      if (this.#request === response) this.#request = undefined
    })
    this.#holding = setTimeout(() => this.#answer(204), HOLD_MS).unref()
    for (const text of texts) for (const listener of this.#messageListeners) listener(text)
    this.#sendWaiting()
  }

  send(message: Uint8Array | string): void {
    if (this.#closed) return
    this.#waiting.push(message)
    if (this.#waiting.length > MAX_WAITING) this.close()
    else this.#sendWaiting()
  }

  onMessage(listener: (text: string) => void): void {
    this.#messageListeners.add(listener)
  }

  /** Its requests carry text only. */
  onBinary(): void {}

  onFlushed(listener: () => void): void {
    this.#flushListeners.add(listener)
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener()
    else this.#closeListeners.add(listener)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#expiring)
    this.#waiting.length = 0
    this.#answer(410)
    for (const listener of this.#closeListeners) listener()
  }

  terminate(): void {
    this.close()
  }

  #expect(): void {
    clearTimeout(this.#expiring)
    this.#expiring = setTimeout(() => this.close(), EXPIRES_AFTER_MS).unref()
  }

  #answer(status: 204 | 410): void {
    clearTimeout(this.#holding)
    this.#request?.writeHead(status).end()
    this.#request = undefined
  }

  #sendWaiting(): void {
    const response = this.#request
    const message = response && this.#waiting.shift()
    if (!response || message === undefined) return
    clearTimeout(this.#holding)
    this.#request = undefined
    const bytes = typeof message === 'string' ? Buffer.from(message) : message
    const type = typeof message === 'string' ? 'application/json' : 'application/octet-stream'
    this.#sendingBytes = bytes.byteLength
    response.once('close', () => this.#sent(response.writableFinished))
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.byteLength }).end(bytes)
  }

  #sent(isTaken: boolean): void {
    this.#sendingBytes = 0
    // A message lost on its way cannot be sent again: the browser opens another channel.
    if (!isTaken) return this.close()
    if (this.#waiting.length === 0) for (const listener of this.#flushListeners) listener()
  }
}
