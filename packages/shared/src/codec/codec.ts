import type { Envelope, Message } from '../envelope.ts'

/** Why a message was refused: it breaks the format (`invalid`) or is of a version or format not known here (`unsupported`). */
export interface Rejection {
  readonly rejected: 'invalid' | 'unsupported'
  /** One clause for the log. The same for every message refused for the same reason, so that repeats can be told. */
  readonly reason: string
}

/** Turns an envelope into a whole multipart message and back. Formats of other programs are codecs beside ours. */
export interface Codec {
  /**
   * @returns The parts of the message, topic first.
   * @throws {@link CodecError} `ERR_MESSAGE_SIZE` when the block does not fit the format.
   */
  encode(envelope: Envelope): Message

  /**
   * Reads a message from outside. Never throws: every byte may be hostile.
   *
   * Attachments are views into the message where they can be, so the message's buffers must not be reused.
   */
  decode(message: Message): Envelope | Rejection
}

/** Whether decoding was refused. */
export function isRejection(result: Envelope | Rejection): result is Rejection {
  return 'rejected' in result
}
