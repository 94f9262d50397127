import { StreamError, systemErrorCode } from '../errors.ts'
import { formatZapReply, parseZapRequest, type ZapAnswer } from '../security/zap.ts'
import { zeromq } from './zeromq-library.ts'

const ENDPOINT = 'inproc://zeromq.zap.01'

/** Decides whether a client may connect. Must neither throw nor take long: all other clients wait meanwhile. */
export type Decide = (publicKey: string, address: string) => boolean

let handler: ZapHandler | undefined
let lastDomain = 0

/** A socket's part in the ZAP handler. */
export interface ZapDomain {
  /** The value of the socket's `zapDomain`. */
  readonly name: string
  /** Refuses all clients from now on. May be called twice. */
  close(): void
}

/**
 * Lets a function decide which clients may connect to a socket. ZeroMQ asks one handler for all sockets of a process
 * (RFC 27), which distinguishes them by their domains; the handler exists as long as one of them does.
 *
 * @throws {@link StreamError} `ERR_CURVE` when another part of this process is already the handler.
 */
export function openZapDomain(decide: Decide): ZapDomain {
  const current = (handler ??= new ZapHandler())
  const name = `zcast-${(lastDomain += 1)}`
  current.domains.set(name, decide)
  const close = (): void => {
    if (!current.domains.delete(name) || current.domains.size > 0) return
    current.close()
    handler = undefined
  }
  return { name, close }
}

class ZapHandler {
  readonly domains = new Map<string, Decide>()
  // A reply socket would wait forever after an answer that could not be sent; this one cannot get out of step.
  readonly #socket = new (zeromq().Router)({ linger: 0 })

  constructor() {
    try {
      this.#socket.bindSync(ENDPOINT)
    } catch (error) {
      this.#socket.close()
      const reason =
        systemErrorCode(error) === 'EADDRINUSE' ? 'another part of this process does' : String(error)
      throw new StreamError('ERR_CURVE', `cannot decide which clients may connect: ${reason}`, {
        cause: error,
      })
    }
    void this.#answerAll()
  }

  close(): void {
    // Closing frees the address some time later; the next handler may start before that.
    this.#socket.disconnect(ENDPOINT)
    this.#socket.close()
  }

  async #answerAll(): Promise<void> {
    while (!this.#socket.closed) {
      try {
        await this.#answer(await this.#socket.receive())
      } catch (error) {
        // Without an answer the client is refused, so a failure for one costs no more than its own refusal.
        if (systemErrorCode(error) === 'EBADF') return
      }
    }
  }

  async #answer([peer, empty, ...frames]: Buffer[]): Promise<void> {
    if (peer === undefined || empty === undefined || empty.length > 0) return
    await this.#socket.send([peer, empty, ...formatZapReply(frames, this.#decide(frames))])
  }

  #decide(frames: readonly Uint8Array[]): ZapAnswer {
    const request = parseZapRequest(frames)
    if (!request) return 'malformed'
    const { domain, publicKey, address } = request
    if (publicKey === undefined) return 'refused'
    return this.domains.get(domain)?.(publicKey, address) ? 'allowed' : 'refused'
  }
}
