/** What topics there are, and how they come: of zcast's publishers and of any other ZeroMQ publisher. */
export type { ClockOffset } from './topics/clock-offset.ts'
export { CodecReader } from './topics/codec-reader.ts'
export type { DistributionSummary } from './topics/distribution.ts'
export { describeShape } from './topics/any-reader.ts'
export type { MessageLook } from './topics/look/message-look.ts'
export { lookAtPart, type PartLook } from './topics/look/part-look.ts'
export { type BwReport, reportBw } from './topics/reports/bw-report.ts'
export { type DelayColumn, type DelayReport, reportDelay } from './topics/reports/delay-report.ts'
export { type HzReport, type IntervalReport, reportHz } from './topics/reports/hz-report.ts'
export { type ListReport, reportTopicOffer } from './topics/reports/list-report.ts'
export { RawReader } from './topics/raw-reader.ts'
export type { Sighting, SightReader } from './topics/sighting.ts'
export { type Arrival, TopicAccount } from './topics/topic-account.ts'
export type { EndpointMake } from './topics/topic-scout.ts'
export {
  TopicWatch,
  type TopicWatchEvents,
  type TopicWatchOptions,
  type WatchedEndpoint,
} from './topics/topic-watch.ts'
export { formatFieldsJson, formatRecordJson } from './topics/echo/echo-json.ts'
export { type EchoRecord, fieldNames, fieldOf, readRecords } from './topics/echo/echo-record.ts'
export { formatField, formatRecord, formatTime } from './topics/echo/echo-text.ts'
export { type FieldOf, type Filter, parseFilter } from './topics/filter/filter.ts'
export { AnyReader } from './topics/any-reader.ts'
export { TopicBook } from './topics/topic-book.ts'
export type { StatusPart } from './sinks/terminal/status-line.ts'
export { TerminalText, type TerminalTextOptions } from './sinks/terminal/terminal-text.ts'
