/** For the packages of zcast itself: what they share and nobody else needs. It may change with any version. */
export { type AnySound, isSound, rowsOf, sliceRows } from './block.ts'
export { parseByteSize } from './byte-size.ts'
export { MAX_CHAT_BYTES } from './codec/chat-part.ts'
export { formatHeading, parseHeading } from './column-heading.ts'
export { isSameLabels, MAX_LABELS_BYTES } from './column-labels.ts'
export { MAX_QUEUE_LENGTH, parseDeliveryPolicy } from './delivery/delivery-policy.ts'
export { createDeliveryQueue, type DeliveryQueue } from './delivery/delivery-queue.ts'
export { envelopeBytes } from './delivery/envelope-bytes.ts'
export { MAX_DURATION_MS, parseDuration } from './duration.ts'
export { listEndpoints } from './endpoint-choice.ts'
export {
  type Endpoint,
  isHost,
  isLoopback,
  parseEndpoint,
  parseOwnEndpoint,
  parsePeerEndpoint,
} from './endpoint.ts'
export type { NatsServer } from './nats-endpoint.ts'
export { streamTopicOf } from './envelope.ts'
export { errorMessage, systemErrorCode } from './errors.ts'
export { escapeControls } from './escape-controls.ts'
export { DirectoryWatch } from './files/directory-watch.ts'
export { canBeReplaced, isRealFolder, keepFolder, writeWholeFile } from './files/index.ts'
export { FileLock } from './files/file-lock.ts'
export { isMissing } from './files/lock-file.ts'
export { type LockHolder, newLockHolder } from './files/lock-holder.ts'
export { ProcessLock } from './files/process-lock.ts'
export { createNewFile } from './files/new-file.ts'
export { unreadableSource } from './files/unreadable-source.ts'
export { isUnsafe, openOwnFile, WITHOUT_FOLLOWING } from './files/own-file.ts'
export { refuseJpeg } from './jpeg-limits.ts'
export { endsAt, followScans, hasOneScan } from './jpeg-scans.ts'
export { type JpegOutline, readJpegOutline, readJpegSize } from './jpeg-structure.ts'
export { isKind, isSourceKind, KIND_CHOICES, KIND_NAMES, kindOf, SOURCE_KINDS } from './kinds.ts'
export { CreditWindow } from './lane/credit-window.ts'
export {
  formatLaneRequest,
  LANE_PREFIX,
  type LaneRequest,
  laneTopic,
  parseLaneRequest,
} from './lane/lane-request.ts'
export { MAX_LINE_BYTES, splitLines } from './line-splitter.ts'
export { Listeners } from './lifecycle/listeners.ts'
export { pause } from './lifecycle/pause.ts'
export { SYSTEM_CLOCK, type TickerClock } from './lifecycle/ticker.ts'
export { listenForShutdown, type ShutdownSignal } from './lifecycle/shutdown-signal.ts'
export { isLoopbackHost } from './loopback.ts'
export { otherCharset } from './other-charset.ts'
export { heightOfRendition, MAX_RENDITIONS } from './rendition-name.ts'
export {
  hasSecrets,
  hideSecrets,
  isCurveKey,
  isExposed,
  isKeyName,
  type KeyFile,
  listKeys,
  MAX_KEY_FILES,
  publicKeyPath,
  secretKeyPath,
} from './security/index.ts'
export { opusSamples } from './opus-packet.ts'
export { MAX_CHANNELS, SOUND_RATES, MAX_OPUS_CHANNELS, OPUS_RATES, refuseSound } from './sound-limits.ts'
export { openStandardInput } from './standard-input.ts'
export { describeSystemError, withSystemCode } from './system-error.ts'
export { type HeaderFields, HeaderPeek } from './codec/header-peek.ts'
export { Numbering } from './codec/numbering.ts'
export { TopicReader } from './codec/topic-reader.ts'
export { unpackMsgpack } from './codec/unpack-msgpack.ts'
export { EpochTracker } from './delivery/epoch-tracker.ts'
export { SequenceTracker } from './delivery/sequence-tracker.ts'
export { checkSubscription, isSubscription, matchesSubscription, MAX_TOPIC_BYTES } from './topic.ts'
export { decodeTopicList, encodeTopicList } from './topics/topic-list-codec.ts'
export { isTopicsRequest, TOPICS_TOPIC, topicsRequest } from './topics/topics-request.ts'
export { CountedPrefixes } from './transport/counted-prefixes.ts'
export { lookUpHost } from './transport/host-dialer.ts'
export { parseTableAddress, queuesBetween, type TcpEnd, type TcpQueues } from './transport/tcp-table.ts'
export { zcastVersion } from './release.ts'
export { formatGreeting, GREETING_BYTES, parseGreeting } from './transport/zmtp/zmtp-greeting.ts'
export { DEFAULT_HEARTBEAT_MS, HOLD_PREFIX } from './transport/transport.ts'
export type { RefusalReason } from './security/refusal.ts'
export { requireCurve } from './transport/zeromq-curve.ts'
export { type EndpointOptions, ZeromqEndpoints } from './transport/zeromq-endpoints.ts'
export { ZeromqEvents } from './transport/zeromq-events.ts'
export { zeromq } from './transport/zeromq-library.ts'
export { commonOptions } from './transport/zeromq-options.ts'
export { RefusalReports } from './security/refusal-reports.ts'
export { isLabelList, labelBytes } from './column-labels.ts'
export { msgpack } from './codec/msgpackr-library.ts'
export { refuseMsgpack } from './codec/header-scanner.ts'
