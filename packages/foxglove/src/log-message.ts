import { ProtobufWriter, splitTime, writeLog } from '@zcast/schemas'
import { FRAME_HEAD_BYTES, startFrame } from './message-frame.ts'

/** One line of a log. */
export interface LogEntry {
  readonly time: Date
  readonly level: 'warning' | 'error'
  /** Who wrote it. */
  readonly role: string
  readonly message: string
}

/** The message of a line, ready for `frameFor`. */
export function encodeLog({ time: date, level, role, message }: LogEntry): Buffer {
  const time = date.getTime() / 1000
  const writer = writeLog(new ProtobufWriter(FRAME_HEAD_BYTES), { time, level, message, name: role })
  return startFrame(Buffer.from(writer.bytes), splitTime(time))
}
