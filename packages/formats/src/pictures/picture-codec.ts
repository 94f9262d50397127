import { CodecError, type Envelope, type Frame, MAX_MESSAGE_BYTES, type Message } from '@zcast/shared'

/** The picture of an envelope. @throws {@link CodecError} `ERR_VALUE` when it has something else. */
export function frameOf({ topic, block }: Envelope, format: string): Frame {
  if (block.kind === 'video') return block
  throw new CodecError('ERR_VALUE', `${format} carries pictures only: send ${topic} in another format`)
}

/** A JSON header and a picture. @throws {@link CodecError} `ERR_MESSAGE_SIZE` when they are too large. */
export function headedPicture(topic: string, header: object, { data }: Frame): Message {
  const head = Buffer.from(JSON.stringify(header))
  const byteLength = head.byteLength + data.byteLength
  if (byteLength > MAX_MESSAGE_BYTES) {
    throw new CodecError(
      'ERR_MESSAGE_SIZE',
      `a message of ${byteLength} bytes on ${topic} is over the limit of ${MAX_MESSAGE_BYTES}: send smaller pictures`,
    )
  }
  return [head, data]
}
