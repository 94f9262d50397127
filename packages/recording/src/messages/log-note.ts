import { ADDED, LOG_LEVELS, ProtobufWriter, readFields } from '@zcast/schemas'
import type { RecordedLine } from '@zcast/subscribers'

/** The topic of a recording that has the lines of the error log, each as `foxglove.Log`. */
export const LOG_TOPIC = 'zcast/log'

const LINE = /^\d+ - (\S+) - (ERROR|WARNING) - (.*?): (.*)$/

const LEVELS: Readonly<Record<string, number>> = { WARNING: LOG_LEVELS.warning, ERROR: LOG_LEVELS.error }
const UNKNOWN = 0

/** The `foxglove.Log` of a line of the error log, with its level and time if it has them. */
export function encodeLogLine({ time, line }: RecordedLine): Uint8Array {
  const [, stamp = '', level = '', role = '', message = line] = LINE.exec(line) ?? []
  const own = Date.parse(stamp) / 1000
  return new ProtobufWriter()
    .timestamp(1, Number.isNaN(own) ? time : own)
    .uint(2, LEVELS[level] ?? UNKNOWN)
    .blob(3, message)
    .blob(4, role)
    .blob(ADDED.line, line).bytes
}

/** The whole line in a message of {@link LOG_TOPIC}. */
export function decodeLogLine(data: Uint8Array): string | undefined {
  let line: string | undefined
  const isMessage = readFields(data, (field, value) => {
    if (field === ADDED.line && typeof value !== 'number') line = new TextDecoder().decode(value)
  })
  return isMessage ? line : undefined
}
