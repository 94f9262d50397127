export { type BatchOptions, checkBatchOptions, DEFAULT_BATCH_BYTES } from './batcher.ts'
export type { PublisherOptions, PublisherRoute, PublishRunOptions } from './publisher-options.ts'
export { Publisher } from './publisher.ts'
export type { StreamCounts } from './stream-counts.ts'
export { type LineNumbersOptions, LineNumbersSource } from './sources/numbers/line-numbers-source.ts'
export { openNumbersFile } from './sources/numbers/numbers-file.ts'
export type { Pace } from './sources/numbers/row-pacer.ts'
export type { NumbersFormat } from './sources/numbers/table/table-options.ts'
export { openUdpLines, parseUdpAddress, type UdpAddress } from './sources/numbers/udp-lines.ts'
export {
  MAX_COUNT,
  type RandomNumbersOptions,
  RandomNumbersSource,
} from './sources/numbers/random-numbers-source.ts'
export { sourceOf, type SourceItems, type SourceOfOptions } from './sources/source-of.ts'
export { checkRenditions } from './sources/rendition-name.ts'
export type { Source, SourceRun } from './sources/source.ts'
export type { ChatTopic, ChatWords } from './topics/chat-topic.ts'
export type { ForwardOptions, ForwardTopic } from './topics/forward-topic.ts'
export type { NumbersRow } from './topics/number-rows.ts'
export type { NumbersTopic, SendNumbersOptions } from './topics/numbers-topic.ts'
export type { SendPictureOptions, VideoTopic } from './topics/video-topic.ts'
export type { Samples, SoundOptions } from './topics/sound-pieces.ts'
export type { SendSoundOptions, SoundTopic } from './topics/sound-topic.ts'
