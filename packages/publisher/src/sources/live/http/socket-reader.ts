import type { Socket } from 'node:net'

/** Thrown when nothing came for too long. */
export class SilenceError extends Error {
  /** @param silenceMs - The time without a byte. */
  constructor(silenceMs: number) {
    super(`nothing came for ${silenceMs / 1000} s`)
  }
}

/**
 * Reads a socket piece by piece, at the reader's pace. A wait that takes too long destroys the socket; time in which
 * nothing is read does not count.
 */
export class SocketReader {
  readonly #socket: Socket
  readonly #chunks: AsyncIterator<Buffer>
  readonly #silenceMs: number
  #rest: Buffer | undefined

  /** @param silenceMs - The longest wait for a byte. */
  constructor(socket: Socket, silenceMs: number) {
    this.#socket = socket
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#silenceMs = silenceMs
  }

  /** The next bytes, at least one; `undefined` at the end. @throws The error that broke the connection. */
  async read(): Promise<Buffer | undefined> {
    const rest = this.#rest
    this.#rest = undefined
    if (rest && rest.length > 0) return rest
    const timer = setTimeout(() => this.#socket.destroy(new SilenceError(this.#silenceMs)), this.#silenceMs)
    try {
      const { done, value } = await this.#chunks.next()
      return done ? undefined : value
    } finally {
      clearTimeout(timer)
    }
  }

  /** Puts bytes back, to be read next. */
  unread(bytes: Buffer): void {
    this.#rest = this.#rest ? Buffer.concat([bytes, this.#rest]) : bytes
  }

  /**
   * Reads up to a mark.
   *
   * @param findEnd - Returns the position after the mark; -1 when it has not come yet.
   * @returns The bytes including the mark; without it when the stream ended, or when more than `most` bytes came before
   *   it. `undefined` when nothing more came.
   */
  async readUntil(findEnd: (bytes: Buffer) => number, most: number): Promise<Buffer | undefined> {
    let all: Buffer = Buffer.alloc(0)
    for (;;) {
      const bytes = await this.read()
      if (!bytes) return all.length > 0 ? all : undefined
      all = Buffer.concat([all, bytes])
      const end = findEnd(all)
      if (end !== -1) {
        this.unread(all.subarray(end))
        return all.subarray(0, end)
      }
      if (all.length > most) return all
    }
  }

  /** Reads a line, its end included. Like {@link readUntil}. */
  readLine(most: number): Promise<Buffer | undefined> {
    return this.readUntil((bytes) => bytes.indexOf(10) + 1 || -1, most)
  }
}
