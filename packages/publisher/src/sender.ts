import { setTimeout as delay } from 'node:timers/promises'
import {
  type Block,
  type Codec,
  type Envelope,
  type Log,
  type Message,
  type PublishSocket,
  sliceValues,
  valueCount,
} from '@zcast/shared'
import { errorMessage, kindOf, systemErrorCode } from '@zcast/shared/internal'
import { describeHeldBack, HeldBack } from './held-back.ts'
import type { Lanes } from './lanes/lanes.ts'
import { LabelSchedule } from './label-schedule.ts'
import { LastValues } from './last-values.ts'
import type { Patience } from './patience.ts'
import type { TopicOffers } from './topics/topic-offers.ts'

/**
 * The number of values of some envelopes that were sent, and that were dropped for being too large; the rest was given
 * up.
 */
export interface SendTally {
  readonly sent: number
  readonly dropped: number
}

/** Options of {@link Sender}. */
export interface SenderOptions {
  readonly codec: Codec
  readonly log: Log | undefined
  /** The limits on waiting for the slowest subscriber. Default: skip it. */
  readonly patience: Patience | undefined
  /** False where pictures are sent without waiting for anybody. Default true. */
  readonly waitsForPictures?: boolean
  /** The subscribers that receive pictures on lanes of their own. Default: no lanes. */
  readonly lanes?: Lanes | undefined
  /** Notes what is sent. Default: nobody does. */
  readonly offers?: TopicOffers | undefined
  /** Called with the size of each message that was sent with patience. */
  readonly onSent?: (bytes: number) => void
}

/** The number of times that the last value is sent again for subscribers that may have missed it, and the interval. */
const LAST_VALUE_RESENDS = { times: 10, apartMs: 100 }

/** A shorter wait for a slow subscriber is not reported. */
const WORTH_A_WORD_MS = 100

/** After this time the slow subscriber is identified, and again until it is known. */
const WORTH_A_LOOK_MS = 1000

/**
 * Sends envelopes to a socket, and sends the last one of each topic again to subscribers that joined late or missed it.
 */
export class Sender {
  readonly #socket: PublishSocket
  readonly #options: SenderOptions
  readonly #labels = new LabelSchedule()
  readonly #last = new LastValues((envelope) => void this.#resend(envelope))
  /** Topics of which some subscriber has missed values; it may still be missing them, for as long as it reads none. */
  readonly #missed = new Set<string>()
  /** Per lossless topic. */
  readonly #heldBack = new Map<string, HeldBack>()
  /** Topics that were reported as held back. */
  readonly #toldHeldBack = new Set<string>()
  #closed = false

  constructor(socket: PublishSocket, options: SenderOptions) {
    this.#socket = socket
    this.#options = options
  }

  /**
   * Sends envelopes of one topic, in order, until the signal aborts. An envelope that does not fit a message is logged.
   * All are encoded before the first is sent.
   *
   * @param isNumbered - True where each keeps its sequence number; otherwise those after one that is left out take its
   *   numbers. Default false.
   */
  async send(given: readonly Envelope[], signal: AbortSignal, isNumbered = false): Promise<SendTally> {
    let [sent, dropped] = [0, 0]
    const envelopes: Envelope[] = []
    const messages: Message[] = []
    for (const one of this.#options.codec.prepare ? await this.#prepare(given) : given) {
      if (!one) {
        dropped += 1
        continue
      }
      const envelope = dropped === 0 || isNumbered ? one : numberedLower(one, dropped)
      const message = this.#encode(envelope)
      if (message) {
        envelopes.push(envelope)
        messages.push(message)
      } else dropped += valueCount(one.block)
    }
    let last: Envelope | undefined
    const tally = { values: 0, messages: 0, bytes: 0 }
    try {
      for (const [index, message] of messages.entries()) {
        const envelope = envelopes[index] as Envelope
        if (await this.#hand(message, envelope, signal)) {
          sent += valueCount(envelope.block)
          tally.messages += 1
          tally.bytes += sizeOf(message)
          // One that is sent again need not be newer than the one before it.
          if (last && envelope.retained) this.#last.remember(last)
          last = envelope
          if (kindOf(envelope.block).isNewestFirst) this.#offerToLanes(envelope, message)
        } else break
      }
    } catch (error) {
      if (!this.#closed) throw error
    }
    if (last) {
      this.#last.remember(last)
      tally.values = sent
      this.#options.offers?.sent(last.topic, last.block, last.epoch, tally)
    }
    return { sent, dropped }
  }

  /**
   * Sends the last values to a subscriber that has just joined, if their topics are quiet.
   *
   * @param graceMs - The time to wait first for a regular new value, for each topic.
   */
  serve(prefix: string, graceMs: (topic: string) => number): void {
    const { codec } = this.#options
    const isMeant = (topic: string): boolean =>
      codec.prefixes(topic).some((begin) => begin.startsWith(prefix))
    this.#labels.repeat(isMeant)
    this.#last.serve(isMeant, graceMs)
  }

  /**
   * Ends a topic. A subscriber that missed the last values could never know that they existed: the last one is sent
   * again for a second, so that the loss is counted.
   */
  async end(topic: string): Promise<void> {
    const last = this.#last.get(topic)
    this.#last.forget(topic)
    this.#heldBack.delete(topic)
    this.#toldHeldBack.delete(topic)
    this.#labels.forget(topic)
    const isMissed = this.#missed.delete(topic)
    for (let resend = 0; resend < LAST_VALUE_RESENDS.times && !this.#closed; resend++) {
      const isFlushed = (await this.#options.lanes?.flush(topic)) ?? true
      if (isMissed && last) await this.#resend({ ...last, retained: true })
      else if (isFlushed) return
      await delay(LAST_VALUE_RESENDS.apartMs)
    }
  }

  /** Stops sending; called before the socket is closed. */
  close(): void {
    this.#closed = true
  }

  /** Forgets the last value of a topic that goes on. */
  forget(topic: string): void {
    this.#last.forget(topic)
  }

  #offerToLanes(envelope: Envelope, message: Message): void {
    const { lanes } = this.#options
    // An earlier value is nothing new to those that have received one.
    if (envelope.retained) lanes?.repeat(envelope)
    else lanes?.offer(envelope, message)
  }

  /** Does what takes time before encoding. @returns `undefined` for what cannot be sent, which is logged. */
  #prepare(given: readonly Envelope[]): Promise<readonly (Envelope | undefined)[]> {
    const { codec, log } = this.#options
    return Promise.all(
      given.map(async (envelope) => {
        try {
          return await codec.prepare?.(envelope)
        } catch (error) {
          if (systemErrorCode(error) !== 'ERR_FRAME') throw error
          log?.error(`a picture of ${envelope.topic} is not sent: ${errorMessage(error)}`)
          return undefined
        }
      }),
    )
  }

  #encode(envelope: Envelope): Message | undefined {
    const { codec, lanes } = this.#options
    try {
      const isAnnounced = kindOf(envelope.block).isNewestFirst && lanes?.isOpen
      return codec.encode(isAnnounced ? { ...envelope, lanes: true } : this.#labels.thin(envelope))
    } catch (error) {
      if (systemErrorCode(error) !== 'ERR_MESSAGE_SIZE') throw error
      this.#options.log?.error(errorMessage(error))
      return undefined
    }
  }

  /** @returns True when it was sent, false when it was given up. */
  #hand(message: Message, { topic, block }: Envelope, signal: AbortSignal): Promise<boolean> {
    const patience = this.#patienceFor(block)
    return patience
      ? this.#handPatiently(message, topic, { patience, signal })
      : this.#handToWhoHasRoom(message, topic)
  }

  async #handToWhoHasRoom(message: Message, topic: string): Promise<true> {
    if (!(await this.#socket.send(message))) this.#missed.add(topic)
    return true
  }

  async #handPatiently(
    message: Message,
    topic: string,
    { patience, signal }: { patience: Patience; signal: AbortSignal },
  ): Promise<boolean> {
    const { peers } = this.#socket
    const startedMs = performance.now()
    let [handed, waitedMs] = [false, 0]
    let stuck: readonly string[] = []
    for (;;) {
      const leftMs = patience.leftMs - waitedMs
      const limitMs = Math.min(Math.max(leftMs, 0), WORTH_A_LOOK_MS)
      handed = await this.#socket.send(message, { patient: true, signal, limitMs })
      waitedMs = performance.now() - startedMs
      if (handed || signal.aborted || leftMs <= WORTH_A_LOOK_MS) break
      if (stuck.length === 0) stuck = await this.#socket.stuckPeers()
    }
    const who = `a subscriber of ${topic}${stuck.length > 0 ? ` (${stuck.join(', ')})` : ''}`
    const isUsedUp = waitedMs >= 1 && patience.spend(waitedMs)
    if (isUsedUp) {
      this.#warn(
        `${who} read too slowly and held up the others for 30 s: no longer waiting for it`,
        'given up',
      )
    } else if (handed && waitedMs >= WORTH_A_WORD_MS) {
      const seconds = (waitedMs / 1000).toFixed(1)
      this.#warnIfGone(peers, `${who} read nothing, held up the others for ${seconds} s, and was cut off`)
    }
    if (handed) this.#tellHeldBack(topic, sizeOf(message), waitedMs)
    if (!handed && !signal.aborted) {
      await this.#socket.send(message)
      this.#missed.add(topic)
      handed = true
    }
    if (handed) {
      const bytes = sizeOf(message)
      patience.earn(bytes)
      this.#options.onSent?.(bytes)
    }
    return handed
  }

  #patienceFor(block: Block): Patience | undefined {
    const { patience, waitsForPictures = true } = this.#options
    return waitsForPictures || !kindOf(block).isNewestFirst ? patience : undefined
  }

  #tellHeldBack(topic: string, bytes: number, waitedMs: number): void {
    const nowMs = performance.now()
    const heldBack = this.#heldBack.get(topic) ?? new HeldBack(nowMs - waitedMs)
    this.#heldBack.set(topic, heldBack)
    const reading = heldBack.sent(bytes, waitedMs, nowMs)
    const { peers } = this.#socket
    if (!reading || this.#toldHeldBack.has(topic)) return
    setTimeout(() => {
      // A subscriber that read nothing and was cut off says nothing about the network.
      if (this.#closed || this.#socket.peers < peers || this.#toldHeldBack.has(topic)) return
      this.#toldHeldBack.add(topic)
      this.#warn(describeHeldBack(topic, reading), `held back ${topic}`)
    }, WORTH_A_WORD_MS).unref()
  }

  /** ZeroMQ reports that a peer is gone a little after it has stopped waiting for it. */
  #warnIfGone(peers: number, text: string): void {
    setTimeout(() => {
      if (!this.#closed && this.#socket.peers < peers) this.#warn(text, 'cut off')
    }, WORTH_A_WORD_MS).unref()
  }

  #warn(text: string, key: string): void {
    this.#options.log?.warning(text, undefined, key)
  }

  async #resend(envelope: Envelope): Promise<void> {
    const { codec, lanes, log } = this.#options
    const patience = this.#patienceFor(envelope.block)
    try {
      // A lossless publisher must not skip a queue even for a value that was sent before.
      const options = patience && { patient: true, limitMs: patience.leftMs }
      if (!this.#closed) await this.#socket.send(codec.encode(lastValueOf(envelope)), options)
      lanes?.repeat(envelope)
    } catch (error) {
      if (!this.#closed) log?.error(errorMessage(error))
    }
  }
}

function numberedLower(envelope: Envelope, by: number): Envelope {
  return { ...envelope, block: { ...envelope.block, seq: (envelope.block.seq ?? by) - by } }
}

/** The envelope of only the newest value of a block. */
function lastValueOf(envelope: Envelope): Envelope {
  const { block } = envelope
  const count = valueCount(block)
  return count === 1 ? envelope : { ...envelope, block: sliceValues(block, count - 1, 1) }
}

function sizeOf(message: Message): number {
  let bytes = 0
  for (const part of message) bytes += part.byteLength
  return bytes
}
