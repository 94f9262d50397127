import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { SourceError } from '@zcast/shared'
import { describeCertificateFailure } from './certificate-failure.ts'
import { bodyFraming, decompress, readBody } from './http-body.ts'
import { findHeadEnd, headerOf, MAX_HEAD_BYTES, parseHead, type HttpHead } from './http-head.ts'
import type { Peer } from './network-failure.ts'
import { SocketReader } from './socket-reader.ts'
import type { TrustedCertificates } from './trusted-certificates.ts'

/** An answer whose body has not been read yet. */
export interface HttpAnswer {
  readonly head: HttpHead
  /** The body, decompressed; iterate once. */
  readonly body: AsyncIterable<Buffer>
  /** True when the end of the body is known without closing the connection. */
  readonly hasEnd: boolean
  /** True when the connection can be used again after the body has been read. */
  readonly persistent: boolean
}

/** Options of {@link HttpConnection.open}. */
export interface ConnectionOptions {
  /** The longest wait for a byte, and for the connection, in milliseconds. */
  readonly silenceMs: number
  readonly trusted: TrustedCertificates
  /** Closes the connection. */
  readonly signal: AbortSignal
}

const ANSWER_BEGINS = /^(?:HTTP|ICY |RTSP)/i

/**
 * A connection for consecutive requests. Node's own client is stricter than cameras are: it refuses lines that end in
 * LF, lines that are not headers, and `ICY 200 OK`, and believes a `Content-Length: 0` before an endless stream.
 */
export class HttpConnection {
  readonly #socket: Socket
  readonly #reader: SocketReader
  readonly #signal: AbortSignal
  readonly #onAbort = (): void => this.close()
  #reusable = false

  private constructor(socket: Socket, { silenceMs, signal }: ConnectionOptions) {
    this.#socket = socket
    this.#reader = new SocketReader(socket, silenceMs)
    this.#signal = signal
    // Errors are thrown where the connection is read.
    socket.on('error', () => {})
    signal.addEventListener('abort', this.#onAbort)
    if (signal.aborted) this.close()
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` for a certificate that is not trusted; otherwise Node's error. */
  static async open(url: URL, options: ConnectionOptions): Promise<HttpConnection> {
    return new HttpConnection(await connect(url, options), options)
  }

  /** True when another request may be sent: the last answer was read to its end, and leaves the connection open. */
  get reusable(): boolean {
    return this.#reusable && !this.#socket.destroyed && this.#socket.readyState === 'open'
  }

  /** Requests a URL of this host. @throws {@link SourceError} when there is no valid answer; otherwise Node's error. */
  async get(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    this.#reusable = false
    const lines = Object.entries({ Host: url.host, 'User-Agent': 'zcast', Accept: '*/*', ...headers })
    // Values from a server or a password must not start a line of their own.
    const text = lines.map(([name, value]) => `${name}: ${value.replaceAll(/\p{Cc}/gu, ' ')}\r\n`).join('')
    this.#socket.write(`GET ${requestTarget(url)} HTTP/1.1\r\n${text}\r\n`, 'utf8')
    const head = await this.#readHead()
    const framing = bodyFraming(head)
    const hasEnd = framing.kind !== 'until-close'
    const persistent = hasEnd && isPersistent(head) && headers['Connection'] !== 'close'
    const sent = this.#readBody(readBody(this.#reader, framing), persistent)
    return { head, hasEnd, persistent, body: decompress(sent, headerOf(head, 'content-encoding')) }
  }

  /** May be called twice. */
  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#socket.destroy()
  }

  async *#readBody(bytes: AsyncIterable<Buffer>, persistent: boolean): AsyncGenerator<Buffer> {
    yield* bytes
    this.#reusable = persistent
  }

  async #readHead(): Promise<HttpHead> {
    for (;;) {
      const bytes = await this.#reader.readUntil(endOfHead, MAX_HEAD_BYTES)
      if (!bytes) throw new SourceError('ERR_SOURCE_FAILED', 'the connection was closed without an answer')
      const head = parseHead(bytes)
      if (!head) throw notHttp(bytes)
      if (head.protocol.startsWith('RTSP')) {
        throw new SourceError('ERR_SOURCE_FAILED', 'this port speaks RTSP: write rtsp:// instead of http://')
      }
      // An interim answer, such as 100 Continue, precedes the real one.
      if (head.status >= 200) return head
    }
  }
}

/** The path and query of a URL, as used in a request. */
export function requestTarget(url: URL): string {
  return url.pathname + url.search
}

/** Anything that does not begin like an answer is not read to its end. */
function endOfHead(bytes: Buffer): number {
  const begin = bytes.toString('latin1', 0, 4)
  return begin.length === 4 && !ANSWER_BEGINS.test(begin) ? bytes.length : findHeadEnd(bytes)
}

function notHttp(bytes: Buffer): SourceError {
  const isTls = bytes[0] === 0x15 && bytes[1] === 0x03
  const reason = isTls
    ? 'it speaks TLS: write https:// instead of http://'
    : 'it is not a web server: check the port'
  return new SourceError('ERR_SOURCE_FAILED', reason)
}

function isPersistent(head: HttpHead): boolean {
  const connection = [headerOf(head, 'connection'), headerOf(head, 'proxy-connection')].join().toLowerCase()
  if (connection.includes('close')) return false
  return head.protocol === 'HTTP/1.1' || connection.includes('keep-alive')
}

/** The host and port of an http or https URL. */
export function peerOf(url: URL): Peer {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

async function connect(url: URL, { silenceMs, trusted, signal }: ConnectionOptions): Promise<Socket> {
  const { host, port } = peerOf(url)
  const isTls = url.protocol === 'https:'
  const options = { host, port, autoSelectFamily: true }
  const socket = isTls
    ? connectTls({
        ...options,
        servername: isIP(host) === 0 ? host : '',
        ca: trusted.authorities,
        // Checked below, before a byte is sent, so that explicitly trusted certificates are accepted.
        rejectUnauthorized: false,
      })
    : connectTcp(options)
  socket.setNoDelay(true)
  const stop = (): unknown => socket.destroy(new Error('no longer wanted'))
  const timer = setTimeout(() => socket.destroy(notAnswered()), silenceMs)
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) stop()
    await new Promise<void>((resolve, reject) => {
      socket.once(isTls ? 'secureConnect' : 'connect', resolve)
      socket.once('error', reject)
      socket.once('close', () => reject(new SourceError('ERR_SOURCE_FAILED', 'the connection was closed')))
    })
    if (isTls) checkCertificate(socket as TLSSocket, host, trusted)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function notAnswered(): Error {
  return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
}

function checkCertificate(socket: TLSSocket, host: string, trusted: TrustedCertificates): void {
  const certificate = socket.getPeerX509Certificate()
  if (socket.authorized || (certificate && trusted.has(certificate))) return
  // Node puts the code here, despite its types.
  const code = String(socket.authorizationError ?? '')
  throw new SourceError('ERR_SOURCE_FAILED', describeCertificateFailure(code, certificate, host))
}
