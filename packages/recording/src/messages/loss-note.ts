import { ADDED, ProtobufWriter, readFields, writeLog } from '@zcast/schemas'
import type { LossNote } from '@zcast/subscribers'

/** The topic of a recording that tells of what is missing in it. */
export const LOSSES_TOPIC = 'zcast/losses'

/** The `foxglove.Log` of values that are missing. */
export function encodeLossNote({ topic, epoch, first, count, time }: LossNote): Uint8Array {
  const which = count === 1 ? `#${first} is` : `#${first} to #${first + count - 1} are`
  const message = `${topic}: ${which} missing`
  return writeLog(new ProtobufWriter(), { time, level: 'warning', message, name: topic })
    .uint(ADDED.seq, first)
    .uint(ADDED.epoch, epoch)
    .uint(ADDED.lost, count).bytes
}

/** Reads what {@link encodeLossNote} wrote; `time` is that of the recording. */
export function decodeLossNote(data: Uint8Array, time: number): LossNote | undefined {
  let topic: string | undefined
  let [first, epoch, count] = [0, 0, 0]
  const isMessage = readFields(data, (field, value) => {
    if (typeof value !== 'number') topic = field === 4 ? new TextDecoder().decode(value) : topic
    else if (field === ADDED.seq) first = value
    else if (field === ADDED.epoch) epoch = value
    else if (field === ADDED.lost) count = value
  })
  return isMessage && topic !== undefined && count > 0 ? { topic, epoch, first, count, time } : undefined
}
