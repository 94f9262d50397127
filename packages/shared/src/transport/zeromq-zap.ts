import { StreamError, systemErrorCode } from '../errors.ts'
import { formatZapReply, parseZapRequest, type ZapAnswer } from '../security/zap.ts'
import { zeromq } from './zeromq-library.ts'

const ENDPOINT = 'inproc://zeromq.zap.01'

/** Decides whether a client may come in. Must neither throw nor take long: everybody else waits meanwhile. */
export type Decide = (publicKey: string, address: string) => boolean

let handler: ZapHandler | undefined
let lastDomain = 0

/** A socket's part in the ZAP handler. */
export interface ZapDomain {
  /** To be set as the socket's `zapDomain`. */
  readonly name: string
  /** Nobody is let in any more. May be called twice. */
  close(): void
}

/**
 * Has somebody decide who may connect to a socket. ZeroMQ asks one handler for all sockets of a process (RFC 27), which
 * tells them apart by their domains; it is there as long as one of them is.
 *
 * @throws {@link StreamError} `ERR_CURVE` when another part of this process is the handler already.
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
  // A reply socket would wait for an answer for ever when one could not be sent; this one cannot come out of step.
  readonly #socket = new (zeromq().Router)({ linger: 0 })

  constructor() {
    try {
      this.#socket.bindSync(ENDPOINT)
    } catch (error) {
      this.#socket.close()
      const reason =
        systemErrorCode(error) === 'EADDRINUSE' ? 'another part of this process does' : String(error)
      throw new StreamError('ERR_CURVE', `cannot decide who is let in: ${reason}`, { cause: error })
    }
    void this.#answerAll()
  }

  close(): void {
    // Closing frees the address some time later; the next handler may come before.
    this.#socket.disconnect(ENDPOINT)
    this.#socket.close()
  }

  async #answerAll(): Promise<void> {
    while (!this.#socket.closed) {
      try {
        await this.#answer(await this.#socket.receive())
      } catch (error) {
        // Without an answer nobody is let in, so that what went wrong for one is not worth more than its own refusal.
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
