import type { ProtobufWriter } from '../protobuf/protobuf-writer.ts'

/** Numbers of `foxglove.Log.Level`. */
export const LOG_LEVELS = { info: 2, warning: 3, error: 4 } as const

/** What a `foxglove.Log` says. */
export interface LogLine {
  /** Seconds since the Unix epoch. */
  readonly time: number
  readonly level: keyof typeof LOG_LEVELS
  /** A text, or one in UTF-8. */
  readonly message: string | Uint8Array
  /** Whose line it is. */
  readonly name: string
}

/** Writes a line as a `foxglove.Log`; whoever calls may add fields. */
export function writeLog(writer: ProtobufWriter, { time, level, message, name }: LogLine): ProtobufWriter {
  return writer.timestamp(1, time).uint(2, LOG_LEVELS[level]).blob(3, message).blob(4, name)
}
