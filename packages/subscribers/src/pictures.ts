/** Video in a terminal, a window and files. A subpath export of its own, so that a client of numbers does not load sharp. */
export * from './sinks/backlog-sink.ts'
export * from './sinks/fan-out-sink.ts'
export * from './sinks/one-stream-sink.ts'
export * from './sinks/picture-folder-sink.ts'
export * from './sinks/recording-sink.ts'
export * from './sinks/terminal/terminal-sink.ts'
export * from './sinks/window-sink.ts'
