import {
  OptionError,
  type PublishSocket,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
  type TransportOptions,
} from '@zcast/shared'
import { commonOptions, lookUpHost, RefusalReports, zeromq, ZeromqEvents } from '@zcast/shared/internal'
import { AnsweringSocket } from './answering-socket.ts'
import { PAIR_WAY, REQUEST_WAY } from './answered-way.ts'

/** The patterns in which the receiver answers each message. */
export type AnsweredPattern = 'request/reply' | 'pair'

/** From 500 ms on, zeromq.js prints on stderr at exit that it is waiting. */
const LINGER_MS = 400

/** Receives from senders that wait for an answer to each message: as REP, from any number of them, or as PAIR, from one. */
export class AnsweringTransport implements Transport {
  readonly pattern: AnsweredPattern
  readonly #answer: Uint8Array
  readonly #onRefused: TransportOptions['onRefused']

  /** @param answer - Sent for each message. */
  constructor(pattern: AnsweredPattern, answer: string, { onRefused }: TransportOptions = {}) {
    this.pattern = pattern
    this.#answer = Buffer.from(answer)
    this.#onRefused = onRefused
  }

  async openPublish(): Promise<PublishSocket> {
    throw new OptionError('this transport only receives: a sender needs one of its own')
  }

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const { Pair, Router } = zeromq()
    const isPair = this.pattern === 'pair'
    // The system holds more than enough: each sender waits for its answer.
    const own = {
      ...commonOptions(options),
      receiveHighWaterMark: options.highWaterMark ?? 2,
      sendTimeout: 0,
      // A camera whose answer is lost would wait for it forever.
      linger: LINGER_MS,
    }
    const socket = isPair ? new Pair(own) : new Router(own)
    const events = new ZeromqEvents(socket)
    const reports = new RefusalReports(this.#onRefused ?? (() => undefined))
    const subscriber = new AnsweringSocket(socket, {
      answer: this.#answer,
      way: isPair ? PAIR_WAY : REQUEST_WAY,
      events,
      lookUp: lookUpHost,
      onRefused: (reason, endpoint) => reports.add({ side: 'subscriber', reason, endpoint }),
    })
    await subscriber.attach(options.bind ?? [], options.connect ?? [])
    return subscriber
  }
}
