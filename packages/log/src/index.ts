/** The rotating error log: writing it, reading it and following it. winston is imported here and nowhere else. */
export { type FollowOptions, followLog } from './follow-log.ts'
export type { LogFilter } from './log-filter.ts'
export { type LogLine, parseLogLine } from './log-line.ts'
export { type ReadOptions, readLastLines } from './log-reader.ts'
export { createLogger, type LoggerOptions } from './logger.ts'
export { DEFAULT_LOG_BYTES, DEFAULT_LOG_FILES } from './rotating-file.ts'
