import type { Envelope, Frame, NumbersBlock } from '@zcast/shared'
import { FRAME_HEAD_BYTES, startFrame } from '../message-frame.ts'
import { type MessageTime, splitTime } from '../message-time.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

/** Room for everything but the values and the names. */
const OTHER_BYTES = 96
const UINT32 = 2 ** 32

/** The messages of what came on a topic, ready for {@link frameFor}: one for each row of numbers, or picture. */
export function* encodeBlock({ block, epoch }: Envelope): Generator<Buffer> {
  if (block.kind === 'video') yield encodePicture(block)
  else if (block.kind === 'numbers')
    for (let row = 0; row < block.rows; row++) yield encodeRow(block, row, epoch)
}

function encodePicture({ time, data, format }: Frame): Buffer {
  const stamp = splitTime(time)
  const writer = new ProtobufWriter(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + OTHER_BYTES + data.byteLength)
  writer.bytes(1, encodeTime(stamp)).bytes(2, data).bytes(3, format)
  return startFrame(writer.finish(), stamp)
}

function encodeRow(block: NumbersBlock, row: number, epoch: number | undefined): Buffer {
  const { time, interval = 0, columns, data, seq, names = [] } = block
  const stamp = splitTime(time + row * interval)
  const writer = new ProtobufWriter(
    FRAME_HEAD_BYTES,
    FRAME_HEAD_BYTES + OTHER_BYTES + columns * Float64Array.BYTES_PER_ELEMENT,
  )
  writer.bytes(1, encodeTime(stamp)).doubles(2, data.subarray(row * columns, (row + 1) * columns))
  if (seq !== undefined) writer.uint(3, seq + row)
  if (epoch !== undefined) writer.uint(4, epoch % UINT32)
  for (const name of names) writer.bytes(5, name)
  return startFrame(writer.finish(), stamp)
}

function encodeTime({ sec, nsec }: MessageTime): Uint8Array {
  return new ProtobufWriter(0, 40).uint(1, sec).uint(2, nsec).finish()
}
