/** Sound on speakers, as a level and in files. A subpath export of its own, so that nobody else loads it. */
export { BacklogSink } from './sinks/backlog-sink.ts'
export { FanOutSink } from './sinks/fan-out-sink.ts'
export { OneStreamSink } from './sinks/one-stream-sink.ts'
export { DecodedSink } from './sinks/audio/decoded-sink.ts'
export { LevelSink, type LevelSinkOptions } from './sinks/audio/level-sink.ts'
export { SpeakerSink, type SpeakerSinkOptions } from './sinks/audio/speaker-sink.ts'
export { WavSink, type WavSinkOptions } from './sinks/audio/wav-sink.ts'
