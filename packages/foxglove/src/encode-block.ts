import { ProtobufWriter, splitTime, writeValue } from '@zcast/schemas'
import { type Envelope, valueCount } from '@zcast/shared'
import { FRAME_HEAD_BYTES, startFrame } from './message-frame.ts'

/** Room for everything but the values and the names. */
const OTHER_BYTES = 256

/** The messages of what came on a topic, ready for `frameFor`: one for each row of numbers, or all of a picture. */
export function* encodeBlock({ topic, block, epoch = 0 }: Envelope): Generator<Buffer> {
  const count = valueCount(block)
  const interval = block.kind === 'numbers' ? (block.interval ?? 0) : 0
  const size = FRAME_HEAD_BYTES + OTHER_BYTES + Math.ceil(block.data.byteLength / Math.max(count, 1))
  const writer = new ProtobufWriter(FRAME_HEAD_BYTES, size)
  for (let row = 0; row < count; row++) {
    writeValue(writer.reset(), { topic, block, epoch }, row)
    yield startFrame(Buffer.from(writer.bytes), splitTime(block.time + row * interval))
  }
}
