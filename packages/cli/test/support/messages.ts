import { type Message, MsgpackCodec, wallClock } from '@zcast/shared'
import { encodeJpeg } from '@zcast/media'

const codec = new MsgpackCodec()

/** A good message with one array of numbers. */
export function numbersMessage(
  seq: number,
  values: readonly number[],
  topic = 'numbers/random',
  epoch = 1,
): Message {
  const data = Float64Array.from(values)
  return codec.encode({
    topic,
    epoch,
    block: { kind: 'numbers', seq, time: wallClock(), rows: 1, columns: data.length, data },
  })
}

/** A good message with one picture. */
export function videoMessage(seq: number, data: Uint8Array, width: number, height: number): Message {
  return codec.encode({
    topic: 'video/main',
    epoch: 1,
    block: { kind: 'video', seq, time: wallClock(), width, height, format: 'jpeg', data },
  })
}

/** A small picture of one grey. */
export function greyPicture(width: number, height: number, grey: number): Promise<Uint8Array> {
  return encodeJpeg(new Uint8Array(width * height * 3).fill(grey), width, height)
}
