import { FRAME_HEAD_BYTES, startFrame } from './message-frame.ts'
import { splitTime } from './message-time.ts'

/** One line of a log. */
export interface LogEntry {
  readonly time: Date
  readonly level: 'warning' | 'error'
  /** Who wrote it. */
  readonly role: string
  readonly message: string
}

/** Numbers of `foxglove.LogLevel`. */
const LEVELS = { warning: 3, error: 4 } as const

const INTEGER = { type: 'integer', minimum: 0 }

/** `foxglove.Log` as a JSON schema. */
export const LOG_SCHEMA = JSON.stringify({
  title: 'foxglove.Log',
  description: 'A log message',
  type: 'object',
  properties: {
    timestamp: {
      type: 'object',
      title: 'time',
      properties: { sec: INTEGER, nsec: { ...INTEGER, maximum: 999_999_999 } },
    },
    level: {
      title: 'foxglove.LogLevel',
      oneOf: ['UNKNOWN', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'FATAL'].map((title, level) => ({
        title,
        const: level,
      })),
    },
    message: { type: 'string' },
    name: { type: 'string' },
    file: { type: 'string' },
    line: INTEGER,
  },
})

/** The message of a line, ready for `frameFor`. */
export function encodeLog({ time, level, role, message }: LogEntry): Buffer {
  const timestamp = splitTime(time.getTime() / 1000)
  const json = { timestamp, level: LEVELS[level], message, name: role, file: '', line: 0 }
  return startFrame(
    Buffer.concat([Buffer.alloc(FRAME_HEAD_BYTES), Buffer.from(JSON.stringify(json))]),
    timestamp,
  )
}
