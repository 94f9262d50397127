import { DEFAULT_HEARTBEAT_MS, type Message, type SocketOptions, type TransportOptions } from '@zcast/shared'
import {
  commonOptions,
  lookUpHost,
  RefusalReports,
  zeromq,
  ZeromqEndpoints,
  ZeromqEvents,
} from '@zcast/shared/internal'
import { PAIR_WAY, REQUEST_WAY, type SendingSocket } from './answered-way.ts'
import type { AnsweredPattern } from './answering-transport.ts'

/** Messages that wait for a receiver's answer to the one before. */
const DEFAULT_WAITING = 2

/**
 * A receiver that answers no ping is cut off; one that does, but takes messages without answering, would gather them.
 * It is tried again twice as late each time, up to this many heartbeats.
 */
const LATEST_HEARTBEATS = 16

/**
 * The connection to one receiver that answers each message. The next message is sent with the answer, and when none
 * comes within the heartbeat, on a connection made anew: a receiver that was restarted, or lost a message, is not waited
 * for forever ("Lazy Pirate").
 */
export class RequestLink {
  readonly #socket: SendingSocket
  readonly #endpoints: ZeromqEndpoints
  readonly #before: Message
  readonly #heartbeatMs: number
  readonly #mostWaiting: number
  readonly #listeners = new Set<() => void>()
  readonly #tellUnanswered: () => void
  #waiting: Message[] = []
  /** The message that has not been answered yet. */
  #sent: Message | undefined
  #timer: NodeJS.Timeout | undefined
  #unanswered = 0
  #isConnected = false

  /** @throws {@link EndpointError} when the endpoint cannot be parsed or connected to. */
  static async open(
    endpoint: string,
    pattern: AnsweredPattern,
    options: SocketOptions & TransportOptions,
  ): Promise<RequestLink> {
    const { Dealer, Pair } = zeromq()
    const own = { ...commonOptions(options), sendTimeout: 0, linger: 0 }
    // A REQ socket could send nothing more after an answer that never came.
    const socket = pattern === 'pair' ? new Pair(own) : new Dealer(own)
    const link = new RequestLink(socket, pattern, options)
    await link.#endpoints.attach([], [endpoint])
    return link
  }

  private constructor(
    socket: SendingSocket,
    pattern: AnsweredPattern,
    {
      onRefused,
      heartbeatMs = DEFAULT_HEARTBEAT_MS,
      highWaterMark = DEFAULT_WAITING,
    }: SocketOptions & TransportOptions,
  ) {
    const reports = new RefusalReports(onRefused ?? (() => undefined))
    this.#tellUnanswered = () =>
      reports.add({ side: 'publisher', reason: 'no-answer', endpoint: this.endpoints.join(' and ') })
    this.#socket = socket
    this.#before = (pattern === 'pair' ? PAIR_WAY : REQUEST_WAY).before
    this.#heartbeatMs = heartbeatMs
    this.#mostWaiting = highWaterMark
    this.#endpoints = new ZeromqEndpoints(socket, {
      events: new ZeromqEvents(socket),
      lookUp: lookUpHost,
      onPeers: () => this.#setConnected(this.#endpoints.peers > 0),
      onRefused: (reason, endpoint) => reports.add({ side: 'publisher', reason, endpoint }),
    })
    void this.#readAnswers()
  }

  get endpoints(): readonly string[] {
    return this.#endpoints.all
  }

  /** True while the receiver is there, answering or not. */
  get isConnected(): boolean {
    return this.#isConnected
  }

  /** True when another message can wait without another one's being left out. */
  get hasRoom(): boolean {
    return !this.#isConnected || this.#waiting.length < this.#mostWaiting
  }

  /** Calls `listener` when the receiver comes or goes, and when there is room again. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Sends a message, or has it wait. @returns False when an older one was left out for it. */
  send(message: Message): boolean {
    if (!this.#isConnected) return true
    const isFull = !this.hasRoom
    if (isFull) this.#waiting.shift()
    this.#waiting.push(message)
    this.#sendNext()
    return !isFull
  }

  /** Waits until everything is sent and answered, for at most `lingerMs`, and frees the socket. */
  async close(lingerMs: number): Promise<void> {
    if (lingerMs > 0 && this.#isBusy) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lingerMs)
        this.onChange(() => {
          if (this.#isBusy) return
          clearTimeout(timer)
          resolve()
        })
      })
    }
    clearTimeout(this.#timer)
    this.#endpoints.close()
    if (!this.#socket.closed) this.#socket.close()
  }

  get #isBusy(): boolean {
    return this.#isConnected && (this.#timer !== undefined || this.#waiting.length > 0)
  }

  #sendNext(): void {
    if (this.#timer !== undefined || !this.#isConnected || this.#socket.closed) return
    const message = this.#waiting.shift()
    if (!message) return
    const timeoutMs = this.#heartbeatMs * Math.min(2 ** this.#unanswered, LATEST_HEARTBEATS)
    this.#sent = message
    this.#timer = setTimeout(() => this.#giveUp(), timeoutMs)
    this.#socket.send([...this.#before, ...message] as Buffer[]).catch(() => this.#answered())
  }

  async #readAnswers(): Promise<void> {
    try {
      for await (const _ of this.#socket as AsyncIterable<Buffer[]>) {
        this.#unanswered = 0
        this.#answered()
      }
    } catch (error) {
      // A read in progress when the socket closes may fail.
      if (!this.#socket.closed) throw error
    }
  }

  #answered(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sendNext()
    this.#tell()
  }

  #giveUp(): void {
    this.#unanswered += 1
    this.#tellUnanswered()
    this.#takeBack()
    void this.#endpoints.renew()
    this.#tell()
  }

  /** After a silence only the newest message is worth sending: the unanswered one, unless another has come since. */
  #takeBack(): void {
    const [newest = this.#timer === undefined ? undefined : this.#sent] = this.#waiting.slice(-1)
    this.#waiting = newest ? [newest] : []
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected
    if (!isConnected) this.#takeBack()
    this.#sendNext()
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
