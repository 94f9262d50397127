import { connect, type Socket } from 'node:net'
import type { ZeromqEndpoint } from '../../endpoint.ts'
import type { Message } from '../../envelope.ts'
import { systemErrorCode } from '../../errors.ts'
import type { RefusalReason } from '../../security/refusal.ts'
import {
  formatGreeting,
  formatReady,
  GREETING_BYTES,
  VERSIONED_BYTES,
  parseGreeting,
  parseSocketType,
} from './zmtp-greeting.ts'
import { formatFrame, ZmtpFrames } from './zmtp-frames.ts'

/** Options of {@link ZmtpConnection}. */
export interface ZmtpConnectionOptions {
  readonly endpoint: Exclude<ZeromqEndpoint, { readonly transport: 'inproc' }>
  readonly heartbeatMs: number
  readonly maxPartBytes: number
  /** What is sent first, each time: the subscriptions. */
  readonly subscriptions: () => readonly Uint8Array[]
  readonly onMessage: (message: Message) => void
  /** Called with true after each handshake, and with false when that connection has ended. */
  readonly onConnected: (isConnected: boolean) => void
  readonly onRefused: (reason: RefusalReason) => void
}

const RECONNECT_MS = { first: 100, most: 1000 }

/** The share of the heartbeat after which a silent peer is asked. */
const PING_SHARE = 0.4

const PUBLISHERS: ReadonlySet<string> = new Set(['PUB', 'XPUB'])

/** A connection to one publisher, made anew whenever it ends. */
export class ZmtpConnection {
  readonly #options: ZmtpConnectionOptions
  #socket: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #pinging: NodeJS.Timeout | undefined
  #heardAtMs = 0
  #retryMs = RECONNECT_MS.first
  #isReady = false
  #isPaused = false
  #closed = false

  constructor(options: ZmtpConnectionOptions) {
    this.#options = options
    this.#connect()
  }

  /** Sends a message of one part; does nothing while there is nobody. */
  send(body: Uint8Array): void {
    if (this.#isReady) this.#socket?.write(formatFrame(body))
  }

  /** Stops and goes on reading: what comes meanwhile waits at the publisher. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    if (isPaused) this.#socket?.pause()
    else {
      // Silence was not the publisher's.
      this.#heardAtMs = performance.now()
      this.#socket?.resume()
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#end()
  }

  #connect(): void {
    const { endpoint } = this.#options
    const socket =
      endpoint.transport === 'tcp'
        ? connect({ host: endpoint.host, port: endpoint.port as number, noDelay: true })
        : connect({ path: endpoint.name })
    this.#socket = socket
    this.#heardAtMs = performance.now()
    const { heartbeatMs } = this.#options
    this.#pinging = setInterval(() => this.#beat(), heartbeatMs * PING_SHARE)
    let greeting = Buffer.alloc(0)
    const frames = new ZmtpFrames(this.#options.maxPartBytes, {
      onMessage: (message) => {
        if (this.#isReady) this.#options.onMessage(message)
      },
      onCommand: (body) => this.#takeCommand(body),
    })
    // The rest follows once the other end has said what it speaks: who speaks something else would hang up on all of it.
    socket.on('connect', () => socket.write(formatGreeting().subarray(0, VERSIONED_BYTES)))
    socket.on('data', (chunk: Buffer) => {
      this.#heardAtMs = performance.now()
      let rest = chunk
      if (greeting.length < GREETING_BYTES) {
        const missing = GREETING_BYTES - greeting.length
        greeting = Buffer.concat([greeting, chunk.subarray(0, missing)])
        if (greeting.length < GREETING_BYTES) return
        rest = chunk.subarray(missing)
        if (!this.#greet(greeting)) return
      }
      if (!frames.take(rest)) this.#refuse('protocol')
    })
    socket.on('error', (error) => {
      const code = systemErrorCode(error)
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') this.#options.onRefused('unknown-host')
      if (code === 'EMFILE' || code === 'ENFILE') this.#options.onRefused('no-room')
    })
    socket.on('close', () => {
      if (socket === this.#socket) this.#end()
    })
  }

  /** @returns False when there is nothing to be said to this peer. */
  #greet(greeting: Uint8Array): boolean {
    const mechanism = parseGreeting(greeting)
    if (mechanism === 'NULL') {
      this.#socket?.write(formatGreeting().subarray(VERSIONED_BYTES))
      this.#socket?.write(formatFrame(formatReady(), true))
      return true
    }
    this.#refuse(mechanism === undefined ? 'protocol' : 'client-without-keys')
    return false
  }

  #takeCommand(body: Uint8Array): void {
    const name = Buffer.from(body.subarray(1, 1 + (body[0] ?? 0))).toString('latin1')
    if (name === 'READY' && !this.#isReady) {
      if (!PUBLISHERS.has(parseSocketType(body))) return this.#refuse('protocol')
      this.#isReady = true
      this.#retryMs = RECONNECT_MS.first
      for (const subscription of this.#options.subscriptions()) this.send(subscription)
      this.#options.onConnected(true)
      if (this.#isPaused) this.#socket?.pause()
    } else if (name === 'ERROR') this.#refuse('protocol')
    else if (name === 'PING') {
      // Behind the name: how long to wait for more (2 bytes), and at most 16 bytes to be sent back.
      const context = body.subarray(7, 23)
      this.#socket?.write(formatFrame(Buffer.concat([Buffer.from('\x04PONG', 'latin1'), context]), true))
    }
  }

  #beat(): void {
    const silentMs = performance.now() - this.#heardAtMs
    const { heartbeatMs } = this.#options
    if (this.#isPaused) return
    if (silentMs >= heartbeatMs) this.#socket?.destroy()
    else if (this.#isReady && silentMs >= heartbeatMs * PING_SHARE)
      this.#socket?.write(formatFrame(Buffer.from('\x04PING\0\0', 'latin1'), true))
  }

  #refuse(reason: RefusalReason): void {
    this.#options.onRefused(reason)
    this.#retryMs = RECONNECT_MS.most
    this.#socket?.destroy()
  }

  #end(): void {
    clearInterval(this.#pinging)
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
    const wasReady = this.#isReady
    this.#isReady = false
    if (wasReady) this.#options.onConnected(false)
    if (this.#closed) return
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, RECONNECT_MS.most)
  }
}
