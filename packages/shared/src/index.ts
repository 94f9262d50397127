/** What both ends of a stream share: blocks, topics, codecs, transports, keys, statistics and errors. */
export type {
  Block,
  BlockKind,
  BlockOf,
  ChatBlock,
  Frame,
  NumbersBlock,
  Sound,
  SoundBlock,
  VoiceBlock,
  SoundFormat,
  SourceKind,
} from './block.ts'
export { type Codec, invalid, isRejection, type Rejection, unsupported, UNWANTED } from './codec/codec.ts'
export { MsgpackCodec, WIRE_VERSION } from './codec/msgpack-codec.ts'
export { checkReceivedJpeg } from './codec/received-jpeg.ts'
export { checkColumnLabels, type ColumnLabels, MAX_LABEL_BYTES } from './column-labels.ts'
export type { DeliveryPolicy } from './delivery/delivery-policy.ts'
export { DEFAULT_MAX_MEMORY_BYTES } from './delivery/delivery-queue.ts'
export type { EndpointChoice } from './endpoint-choice.ts'
export { type Envelope, MAX_MESSAGE_BYTES, type Message } from './envelope.ts'
export {
  ClosedError,
  CodecError,
  EndpointError,
  type ErrorCode,
  OptionError,
  SinkError,
  SourceError,
  StreamError,
} from './errors.ts'
export { MAX_PIXELS } from './jpeg-limits.ts'
export type { PictureSize } from './jpeg-structure.ts'
export { type Kind, KINDS, sliceValues, valueCount } from './kinds.ts'
export { Demand } from './lifecycle/demand.ts'
export { Ticker, type TickerOptions } from './lifecycle/ticker.ts'
export { wallClock } from './lifecycle/wall-clock.ts'
export type { Log, LogLevel } from './logging/log.ts'
export { type Notice, NoticeBoard } from './logging/notice-board.ts'
export { RateLimitedLog, type RateLimitOptions } from './logging/rate-limited-log.ts'
export { TeeLog } from './logging/tee-log.ts'
export {
  type AllowedKeys,
  AllowList,
  type AllowSource,
  createCurveKeys,
  type CurveKeys,
  type CurveOptions,
  DEFAULT_KEYS_DIRECTORY,
  describeRefusal,
  KeySet,
  readPublicKey,
  readSecretKeys,
  type Refusal,
  type RefusalReason,
  type SecretKeyFile,
  writeNewKeys,
  type WrittenKeys,
} from './security/index.ts'
export { LatencyHistogram, type LatencySummary } from './statistics/latency-histogram.ts'
export {
  type Counts,
  type NetworkReading,
  Statistics,
  StatisticsWindow,
  TopicStatistics,
  type WindowReading,
} from './statistics/statistics.ts'
export { formatTopic, parseTopic, type Topic } from './topic.ts'
export type { TopicList, TopicOffer, TopicShape } from './topics/topic-offer.ts'
export { MemoryTransport } from './transport/memory-transport.ts'
export {
  type NatsOptions,
  type NatsRetention,
  openTransport,
  type TransportOptions,
} from './transport/open-transport.ts'
export {
  DEFAULT_HEARTBEAT_MS,
  type PeerState,
  type PublishSocket,
  type SendOptions,
  type SocketOptions,
  type SocketPattern,
  type SubscribeSocket,
  type Transport,
} from './transport/transport.ts'
export { ZeromqTransport, type ZeromqTransportOptions } from './transport/zeromq-transport.ts'
export { ZmtpTransport } from './transport/zmtp/zmtp-transport.ts'
