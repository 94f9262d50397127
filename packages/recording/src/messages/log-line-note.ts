import type { RecordedLine } from '@zcast/subscribers'
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts'
import { readFields } from '../protobuf/read-fields.ts'
import { ADDED } from './schemas.ts'

/** The topic of a recording that has the lines of the error log. */
export const LOG_TOPIC = 'zcast/log'

const LINE = /^\d+ - (\S+) - (ERROR|WARNING) - (.*?): (.*)$/

const LEVELS: Readonly<Record<string, number>> = { WARNING: 3, ERROR: 4 }
const UNKNOWN = 0

/** The `foxglove.Log` of a line of the error log, with its level and time if it has them. */
export function encodeLogLine({ time, line }: RecordedLine): Uint8Array {
  const [, stamp = '', level = '', role = '', message = line] = LINE.exec(line) ?? []
  const own = Date.parse(stamp) / 1000
  return new ProtobufWriter()
    .timestamp(1, Number.isNaN(own) ? time : own)
    .uint(2, LEVELS[level] ?? UNKNOWN)
    .text(3, message)
    .text(4, role)
    .text(ADDED.line, line).bytes
}

/** Reads what {@link encodeLogLine} wrote; `time` is that of the recording. */
export function decodeLogLine(data: Uint8Array, time: number): RecordedLine | undefined {
  let line: string | undefined
  readFields(data, (field, value) => {
    if (field === ADDED.line && typeof value !== 'number') line = new TextDecoder().decode(value)
  })
  return line === undefined ? undefined : { time, line }
}
