export {
  type Block,
  type BlockKind,
  type BlockOf,
  type Frame,
  type NumbersBlock,
  rowsOf,
  sliceRows,
  type SoundBlock,
  type SoundFormat,
} from './block.ts'
export { parseByteSize } from './byte-size.ts'
export { type Codec, invalid, isRejection, type Rejection, unsupported, UNWANTED } from './codec/codec.ts'
export { MsgpackCodec, WIRE_VERSION } from './codec/msgpack-codec.ts'
export { checkReceivedJpeg } from './codec/received-jpeg.ts'
export { checkColumnLabels, type ColumnLabels, MAX_LABEL_BYTES } from './column-labels.ts'
export { type DeliveryPolicy, MAX_QUEUE_LENGTH, parseDeliveryPolicy } from './delivery/delivery-policy.ts'
export {
  createDeliveryQueue,
  DEFAULT_MAX_MEMORY_BYTES,
  type DeliveryQueue,
} from './delivery/delivery-queue.ts'
export { MAX_DURATION_MS, parseDuration } from './duration.ts'
export { type Endpoint, isLoopback, parseEndpoint, parsePeerEndpoint } from './endpoint.ts'
export { type EndpointChoice, listEndpoints } from './endpoint-choice.ts'
export { type Envelope, MAX_MESSAGE_BYTES, type Message, streamTopicOf } from './envelope.ts'
export {
  ClosedError,
  CodecError,
  EndpointError,
  type ErrorCode,
  errorMessage,
  OptionError,
  SinkError,
  SourceError,
  StreamError,
  systemErrorCode,
} from './errors.ts'
export { escapeControls } from './escape-controls.ts'
export { canBeReplaced, isRealFolder, writeWholeFile } from './files/index.ts'
export { MAX_PIXELS, refuseJpeg } from './jpeg-limits.ts'
export { type JpegOutline, type PictureSize, readJpegOutline, readJpegSize } from './jpeg-structure.ts'
export {
  isKind,
  type Kind,
  KIND_CHOICES,
  KIND_NAMES,
  kindOf,
  KINDS,
  sliceValues,
  valueCount,
} from './kinds.ts'
export {
  formatLaneRequest,
  LANE_PREFIX,
  type LaneRequest,
  laneTopic,
  parseLaneRequest,
} from './lane/lane-request.ts'
export { Demand } from './lifecycle/demand.ts'
export { Listeners } from './lifecycle/listeners.ts'
export { listenForShutdown, type ShutdownSignal } from './lifecycle/shutdown-signal.ts'
export { Ticker, type TickerOptions } from './lifecycle/ticker.ts'
export { pause } from './lifecycle/pause.ts'
export { wallClock } from './lifecycle/wall-clock.ts'
export type { Log, LogLevel } from './logging/log.ts'
export { type Notice, NoticeBoard } from './logging/notice-board.ts'
export { RateLimitedLog, type RateLimitOptions } from './logging/rate-limited-log.ts'
export { TeeLog } from './logging/tee-log.ts'
export { isLoopbackHost } from './loopback.ts'
export {
  MAX_KEY_FILES,
  KeySet,
  type AllowedKeys,
  AllowList,
  type AllowSource,
  createCurveKeys,
  type CurveOptions,
  type CurveKeys,
  DEFAULT_KEYS_DIRECTORY,
  describeRefusal,
  hasSecrets,
  hideSecrets,
  isCurveKey,
  isExposed,
  isKeyName,
  type KeyFile,
  listKeys,
  publicKeyPath,
  readPublicKey,
  readSecretKeys,
  type Refusal,
  type RefusalReason,
  type SecretKeyFile,
  secretKeyPath,
  writeNewKeys,
  type WrittenKeys,
} from './security/index.ts'
export { MAX_CHANNELS, SOUND_RATES } from './sound-limits.ts'
export { openStandardInput } from './standard-input.ts'
export { LatencyHistogram, type LatencySummary } from './statistics/latency-histogram.ts'
export {
  type Counts,
  type NetworkReading,
  Statistics,
  StatisticsWindow,
  TopicStatistics,
  type WindowReading,
} from './statistics/statistics.ts'
export { describeSystemError } from './system-error.ts'
export {
  checkSubscription,
  formatTopic,
  matchesSubscription,
  MAX_TOPIC_BYTES,
  parseTopic,
  type Topic,
} from './topic.ts'
export { MemoryTransport } from './transport/memory-transport.ts'
export {
  DEFAULT_HEARTBEAT_MS,
  HOLD_PREFIX,
  type PeerState,
  type PublishSocket,
  type SendOptions,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
} from './transport/transport.ts'
export { openTransport, type TransportOptions } from './transport/open-transport.ts'
export { queuesBetween, type TcpEnd, type TcpQueues } from './transport/tcp-table.ts'
export { requireCurve } from './transport/zeromq-curve.ts'
export { ZeromqTransport, type ZeromqTransportOptions } from './transport/zeromq-transport.ts'
