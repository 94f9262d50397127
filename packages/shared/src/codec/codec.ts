import type { Envelope, Message } from '../envelope.ts'

/**
 * Why a message was refused: it breaks the format (`invalid`), is of a version or format not known here (`unsupported`), or
 * is of a topic that nobody asked for (`unwanted`), which is no fault.
 */
export interface Rejection {
  readonly rejected: 'invalid' | 'unsupported' | 'unwanted'
  /** One clause for the log. The same for every message refused for the same reason, so that repeats can be told. */
  readonly reason: string
  /** The topic, where it could be read. */
  readonly topic?: string | undefined
}

/**
 * Turns an envelope into a whole multipart message and back. Formats of other programs are codecs beside ours: a codec
 * alone knows where in a message its topic stands, and what other programs call the streams that are `<kind>/<stream>` here.
 *
 * What a format does not say stays unknown: `epoch` and the block's `seq` are `undefined` then (so that nobody can tell what
 * was lost), and {@link Envelope.arrivalTime} says that the time is that of the arrival (so that there is no latency).
 */
export interface Codec {
  /** Whether each message begins with its topic alone, so that lanes (`docs/wire-format.md`) can stand before it. */
  readonly hasLanes: boolean

  /**
   * What the first parts of the wanted messages begin with: a subscriber asks its socket for these. More may come by them
   * than was asked for; with `''` everything does.
   *
   * @param subscription - A whole topic (`video/main`) or a whole kind (`video/`).
   */
  prefixes(subscription: string): readonly string[]

  /**
   * @returns The parts of the message.
   * @throws {@link CodecError} `ERR_MESSAGE_SIZE` when the block does not fit the format.
   */
  encode(envelope: Envelope): Message

  /**
   * Reads a message from outside. Never throws: every byte may be hostile.
   *
   * Attachments are views into the message where they can be, so the message's buffers must not be reused.
   *
   * @param wants - Asked once the topic is known; nothing more is read of a message whose topic is not wanted. Default: all are.
   */
  decode(message: Message, wants?: (topic: string) => boolean): Envelope | Rejection
}

/** Whether decoding was refused. */
export function isRejection(result: Envelope | Rejection): result is Rejection {
  return 'rejected' in result
}

/** Refuses a message that breaks the format. */
export function invalid(reason: string): Rejection {
  return { rejected: 'invalid', reason }
}

/** Refuses a message of a version or format not known here. */
export function unsupported(reason: string): Rejection {
  return { rejected: 'unsupported', reason }
}

/** Passes over a message of a topic that nobody asked for. */
export const UNWANTED: Rejection = { rejected: 'unwanted', reason: 'nobody asked for its topic' }
