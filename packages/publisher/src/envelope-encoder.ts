import { type Codec, type Envelope, type Log, type Message, valueCount } from '@zcast/shared'
import { errorMessage, kindOf, systemErrorCode } from '@zcast/shared/internal'
import type { LabelSchedule } from './label-schedule.ts'
import type { Lanes } from './lanes/lanes.ts'

/** The parts of its sender that an {@link EnvelopeEncoder} needs. */
export interface EnvelopeEncoderOptions {
  readonly codec: Codec
  readonly log: Log | undefined
  readonly lanes: Lanes | undefined
  readonly labels: LabelSchedule
}

/** Envelopes that can be sent and the message of each, in order. */
export interface EncodedEnvelopes {
  readonly envelopes: readonly Envelope[]
  readonly messages: readonly Message[]
  /** The number of values that cannot be sent. */
  readonly dropped: number
}

/** Makes messages of envelopes; those of which none can be made are logged. */
export class EnvelopeEncoder {
  readonly #options: EnvelopeEncoderOptions

  constructor(options: EnvelopeEncoderOptions) {
    this.#options = options
  }

  /** Does what takes time before encoding. @returns `undefined` for what cannot be sent. */
  prepare(given: readonly Envelope[]): Promise<readonly (Envelope | undefined)[]> {
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

  /**
   * Encodes what can be sent.
   *
   * @param isNumbered - True where each keeps its sequence number; otherwise those after one that is left out take its
   *   numbers.
   */
  encode(prepared: readonly (Envelope | undefined)[], isNumbered: boolean): EncodedEnvelopes {
    const envelopes: Envelope[] = []
    const messages: Message[] = []
    let dropped = 0
    for (const one of prepared) {
      if (!one) {
        dropped += 1
        continue
      }
      const envelope = dropped === 0 || isNumbered ? one : numberedLower(one, dropped)
      const message = this.#encodeOne(envelope)
      if (message) {
        envelopes.push(envelope)
        messages.push(message)
      } else dropped += valueCount(one.block)
    }
    return { envelopes, messages, dropped }
  }

  #encodeOne(envelope: Envelope): Message | undefined {
    const { codec, lanes, labels, log } = this.#options
    try {
      const isAnnounced = kindOf(envelope.block).isNewestFirst && lanes?.isOpen
      return codec.encode(isAnnounced ? { ...envelope, lanes: true } : labels.thin(envelope))
    } catch (error) {
      if (systemErrorCode(error) !== 'ERR_MESSAGE_SIZE') throw error
      log?.error(errorMessage(error))
      return undefined
    }
  }
}

function numberedLower(envelope: Envelope, by: number): Envelope {
  return { ...envelope, block: { ...envelope.block, seq: (envelope.block.seq ?? by) - by } }
}
