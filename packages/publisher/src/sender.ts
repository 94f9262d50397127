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
import { errorMessage, kindOf } from '@zcast/shared/internal'
import { EnvelopeEncoder } from './envelope-encoder.ts'
import type { Lanes } from './lanes/lanes.ts'
import { LabelSchedule } from './label-schedule.ts'
import { LastValues } from './last-values.ts'
import { messageSize } from './message-size.ts'
import type { Patience } from './patience.ts'
import { type Outcome, PatientSender } from './patient-sender.ts'
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
  /** Where nothing may be lost. */
  readonly #patient: PatientSender | undefined
  readonly #encoder: EnvelopeEncoder
  #closed = false

  constructor(socket: PublishSocket, options: SenderOptions) {
    this.#socket = socket
    this.#options = options
    const { codec, log, lanes, patience, onSent } = options
    this.#patient = patience && new PatientSender(socket, { log, patience, onSent })
    this.#encoder = new EnvelopeEncoder({ codec, log, lanes, labels: this.#labels })
  }

  /**
   * Sends envelopes of one topic, in order, until the signal aborts. An envelope that does not fit a message is logged.
   * All are encoded before the first is sent.
   *
   * @param isNumbered - True where each keeps its sequence number; otherwise those after one that is left out take its
   *   numbers. Default false.
   */
  async send(given: readonly Envelope[], signal: AbortSignal, isNumbered = false): Promise<SendTally> {
    const prepared = this.#options.codec.prepare ? await this.#encoder.prepare(given) : given
    const { envelopes, messages, dropped } = this.#encoder.encode(prepared, isNumbered)
    let sent = 0
    let last: Envelope | undefined
    const tally = { values: 0, messages: 0, bytes: 0 }
    try {
      for (const [index, message] of messages.entries()) {
        const envelope = envelopes[index] as Envelope
        const outcome = await this.#hand(message, envelope, signal)
        if (outcome === 'given-up') break
        if (outcome === 'missed') this.#missed.add(envelope.topic)
        sent += valueCount(envelope.block)
        tally.messages += 1
        tally.bytes += messageSize(message)
        // One that is sent again need not be newer than the one before it.
        if (last && envelope.retained) this.#last.remember(last)
        last = envelope
        if (kindOf(envelope.block).isNewestFirst) this.#offerToLanes(envelope, message)
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
    this.#patient?.forget(topic)
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
    this.#patient?.close()
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

  #hand(message: Message, { topic, block }: Envelope, signal: AbortSignal): Promise<Outcome> {
    return this.#patientFor(block)?.send(message, topic, signal) ?? this.#handToWhoHasRoom(message)
  }

  async #handToWhoHasRoom(message: Message): Promise<Outcome> {
    return (await this.#socket.send(message)) ? 'sent' : 'missed'
  }

  #patientFor(block: Block): PatientSender | undefined {
    const { waitsForPictures = true } = this.#options
    return waitsForPictures || !kindOf(block).isNewestFirst ? this.#patient : undefined
  }

  async #resend(envelope: Envelope): Promise<void> {
    const { codec, lanes, log } = this.#options
    const patient = this.#patientFor(envelope.block)
    try {
      // A lossless publisher must not skip a queue even for a value that was sent before.
      const options = patient && { patient: true, limitMs: patient.leftMs }
      if (!this.#closed) await this.#socket.send(codec.encode(lastValueOf(envelope)), options)
      lanes?.repeat(envelope)
    } catch (error) {
      if (!this.#closed) log?.error(errorMessage(error))
    }
  }
}

/** The envelope of only the newest value of a block. */
function lastValueOf(envelope: Envelope): Envelope {
  const { block } = envelope
  const count = valueCount(block)
  return count === 1 ? envelope : { ...envelope, block: sliceValues(block, count - 1, 1) }
}
