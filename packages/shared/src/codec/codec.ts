import type { Envelope, Message } from '../envelope.ts'

/**
 * The reason why a message was refused: it breaks the format (`invalid`), has an unknown version or format
 * (`unsupported`), or its topic was not subscribed to (`unwanted`), which is not an error.
 */
export interface Rejection {
  readonly rejected: 'invalid' | 'unsupported' | 'unwanted'
  /** One clause for the log. The same for every message refused for the same reason, so that repeats can be counted. */
  readonly reason: string
  /** The topic, if it could be read. */
  readonly topic?: string | undefined
}

/**
 * Converts an envelope to a whole multipart message and back. Formats of other programs are further codecs: only the
 * codec knows where in a message its topic is, and what other programs call the streams that are `<kind>/<stream>`
 * here.
 *
 * Information that a format lacks stays unknown: `epoch` and the block's `seq` are then `undefined` (so loss cannot be
 * determined), and {@link Envelope.arrivalTime} says that the time is that of the arrival (so there is no latency).
 */
export interface Codec {
  /** True when each message begins with its topic alone, so that lanes (`docs/wire-format.md`) can be put before it. */
  readonly hasLanes: boolean

  /**
   * False when messages carry no sequence numbers, or only some do: until one does, the number of lost values is
   * unknown. Default true.
   */
  readonly isNumbered?: boolean

  /**
   * The prefixes of the first parts of the wanted messages, to which a subscriber subscribes its socket. They may let
   * more messages through than wanted; `''` lets everything through.
   *
   * @param subscription - A whole topic (`video/main`) or a whole kind (`video/`).
   */
  prefixes(subscription: string): readonly string[]

  /**
   * Does what takes time before `encode`, such as decoding a picture for a format of pixels: a publisher calls it for
   * each envelope. Default: nothing is to be done.
   *
   * @returns What to encode: of the same topic, the same number and as many values.
   * @throws {@link CodecError} `ERR_FRAME` when it is no picture; it is left out then.
   */
  prepare?(envelope: Envelope): Promise<Envelope>

  /**
   * @returns The parts of the message.
   * @throws {@link CodecError} `ERR_MESSAGE_SIZE` when the block does not fit the format.
   */
  encode(envelope: Envelope): Message

  /**
   * Decodes a message from outside. Never throws: every byte may be hostile.
   *
   * Attachments are views of the message where possible, so the message's buffers must not be reused.
   *
   * @param wants - Called once the topic is known; the rest of a message whose topic is not wanted is not read.
   *   Default: all are wanted.
   */
  decode(message: Message, wants?: (topic: string) => boolean): Envelope | Rejection

  /**
   * Does what takes time, such as compressing the pixels of a picture: a subscriber calls it for each envelope right
   * before it delivers it, and not for those that are skipped. Default: what `decode` returns is complete.
   *
   * @returns The envelope to deliver, of the same topic and as many values.
   */
  complete?(envelope: Envelope): Envelope | Promise<Envelope>
}

/** True when decoding was refused. */
export function isRejection(result: object): result is Rejection {
  return 'rejected' in result
}

/** Refuses a message that breaks the format. */
export function invalid(reason: string): Rejection {
  return { rejected: 'invalid', reason }
}

/** Refuses a message of an unknown version or format. */
export function unsupported(reason: string): Rejection {
  return { rejected: 'unsupported', reason }
}

/** Ignores a message whose topic was not subscribed to. */
export const UNWANTED: Rejection = { rejected: 'unwanted', reason: 'nobody asked for its topic' }
