import type { Message, PublishSocket } from '@zcast/shared'

/** Messages of other programs that may wait to be sent. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024

/** The longest wait for a subscriber that reads slowly. */
const PATIENCE_MS = 5000

/** Messages that are not zcast's, on their way to the socket, in order and unchanged. */
export class RawOutbox {
  readonly #socket: PublishSocket
  readonly #isPatient: boolean
  #last: Promise<void> = Promise.resolve()
  #waitingBytes = 0
  /** Messages handed to subscribers. */
  sent = 0
  /** Messages left out because too many were waiting. */
  dropped = 0

  constructor(socket: PublishSocket, isPatient: boolean) {
    this.#socket = socket
    this.#isPatient = isPatient
  }

  /** Takes a message. */
  send(message: Message): void {
    const bytes = message.reduce((sum, part) => sum + part.byteLength, 0)
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES && this.#waitingBytes > 0) {
      this.dropped += 1
      return
    }
    this.#waitingBytes += bytes
    this.#last = this.#last.then(() => this.#hand(message, bytes))
  }

  /** Waits until what was taken is sent, but not for subscribers that do not read. */
  async flush(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))
    await Promise.race([this.#last, tooLong])
    clearTimeout(timer)
  }

  async #hand(message: Message, bytes: number): Promise<void> {
    try {
      const isSent = await this.#socket.send(message, {
        patient: this.#isPatient,
        limitMs: PATIENCE_MS,
      })
      if (!isSent && this.#isPatient) await this.#socket.send(message)
      this.sent += 1
    } catch {
      // The socket is closed, or has failed: its publisher says so.
      this.dropped += 1
    }
    this.#waitingBytes -= bytes
  }
}
