/**
 * Video in a terminal, a window and files. A separate subpath export, so that a client of numbers does not load sharp.
 */
export { BacklogSink, type BacklogSinkOptions } from './sinks/backlog-sink.ts'
export { FanOutSink, type FanOutSinks } from './sinks/fan-out-sink.ts'
export { OneStreamSink } from './sinks/one-stream-sink.ts'
export { PictureFolderSink, type PictureFolderSinkOptions } from './sinks/picture-folder-sink.ts'
export { RecordingSink, type RecordingSinkOptions } from './sinks/recording-sink.ts'
export { TerminalSink, type TerminalSinkOptions } from './sinks/terminal/terminal-sink.ts'
export { WindowSink, type WindowSinkOptions } from './sinks/window-sink.ts'
