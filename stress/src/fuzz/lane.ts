import { type Envelope, MsgpackCodec, type PublishSocket, ZeromqTransport } from '@zcast/shared'
import type { Random } from '../support/random.ts'
import { HOSTILE_MESSAGES, LARGE_HOSTILE_MESSAGES } from './hostile-messages.ts'
import { judge } from './judge.ts'
import { mutate } from './mutate.ts'

/** What a subscriber must have counted. */
export interface Expected {
  good: number
  invalid: number
  unsupported: number
  repeated: number
  /** Sent, and to be counted nowhere. */
  elsewhere: number
}

const KEPT_MESSAGES = 16
const LARGE_SHARE = 0.002

/** A stream under attack: good messages, each delivered or else, and bad ones in between, each known to be bad. */
export class Lane {
  readonly expected: Expected = { good: 0, invalid: 0, unsupported: 0, repeated: 0, elsewhere: 0 }
  readonly topic: string
  readonly epoch: number
  readonly #codec = new MsgpackCodec()
  readonly #socket: PublishSocket
  readonly #random: Random
  readonly #recent: (readonly Buffer[])[] = []
  readonly #subscribed: Promise<void>

  /** Listens on a free port; waits for a slow subscriber rather than dropping its messages. */
  static async open(topic: string, random: Random): Promise<Lane> {
    const transport = new ZeromqTransport()
    const socket = await transport.openPublish({
      bind: ['tcp://127.0.0.1:*'],
      highWaterMark: 100,
    })
    return new Lane(topic, socket, random)
  }

  private constructor(topic: string, socket: PublishSocket, random: Random) {
    this.topic = topic
    this.epoch = random.below(2 ** 32)
    this.#socket = socket
    this.#random = random
    this.#subscribed = new Promise((resolve) => socket.onSubscription(() => resolve()))
  }

  get endpoint(): string {
    return this.#socket.endpoints[0] as string
  }

  /** Resolves when the subscriber is there. */
  get subscribed(): Promise<void> {
    return this.#subscribed
  }

  /** Sends a good message. Its sequence number is the count of those before it. */
  async sendGood(block: Envelope['block'], count: number): Promise<void> {
    const envelope = { topic: this.topic, epoch: this.epoch, block: { ...block, seq: this.expected.good } }
    const message = this.#codec.encode(envelope).map((part) => Buffer.from(part))
    // The judge has to find good what is good, or it would be worth nothing.
    const verdict = judge(message, this.topic)
    if (verdict.kind !== 'good' || verdict.count !== count) throw new Error(`the judge errs: ${verdict.kind}`)
    await this.#send(message)
    this.expected.good += count
    this.#recent.push(message)
    if (this.#recent.length > KEPT_MESSAGES) this.#recent.shift()
  }

  /** Sends a picture that is well-formed, but may be beyond the limits. @returns Whether it is within them. */
  async sendBomb(block: Envelope['block']): Promise<boolean> {
    const envelope = { topic: this.topic, epoch: this.epoch, block: { ...block, seq: this.expected.good } }
    const message = this.#codec.encode(envelope).map((part) => Buffer.from(part))
    const { kind } = judge(message, this.topic)
    if (kind === 'good') await this.sendGood(block, 1)
    else await this.#sendInvalid(message)
    return kind === 'good'
  }

  /** Sends a bad message, made of a good one that was sent before. */
  async sendBad(): Promise<void> {
    const original = this.#random.pick(this.#recent)
    if (this.#random.chance(0.3)) {
      const hostile = this.#random.chance(LARGE_SHARE) ? LARGE_HOSTILE_MESSAGES : HOSTILE_MESSAGES
      const message = this.#random.pick(hostile)(original, this.#random)
      if (judge(message, this.topic).kind !== 'invalid')
        throw new Error('the judge errs: a hostile message is good')
      return this.#sendInvalid(message)
    }
    return this.#sendMutant(mutate(original, this.#random))
  }

  async close(): Promise<void> {
    await this.#socket.close()
  }

  async #sendInvalid(message: readonly Buffer[]): Promise<void> {
    await this.#send(message)
    this.expected.invalid += 1
  }

  /** Sending never waits, so the other attacks in this process are given a turn. */
  async #send(message: readonly Buffer[]): Promise<void> {
    await this.#socket.send(message, { patient: true })
    await new Promise(setImmediate)
  }

  /** A mutant may still be good; then it must be a repetition, as anything else would be another publisher's. */
  async #sendMutant(message: readonly Buffer[]): Promise<void> {
    const verdict = judge(message, this.topic)
    if (verdict.kind === 'good') {
      const { epoch, seq, count } = verdict
      if (epoch !== this.epoch || seq + count > this.expected.good) return
      this.expected.repeated += count
    } else this.expected[verdict.kind] += 1
    await this.#send(message)
  }
}
