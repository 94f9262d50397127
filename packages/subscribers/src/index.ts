export type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
} from './history/history.ts'
export { RenditionChooser, type RenditionReading } from './rendition/rendition-chooser.ts'
export { AS_IT_IS, type RenditionPorts, RenditionStream } from './rendition/rendition-stream.ts'
export { isSmallerRendition } from './rendition/renditions.ts'
export { clientNumber, findSelection, type Selection } from './selection.ts'
export { ColumnSink } from './sinks/column-sink.ts'
export { ConsoleSink, type ConsoleSinkOptions } from './sinks/console-sink.ts'
export { CsvSink, type CsvSinkOptions } from './sinks/csv-sink.ts'
export { CountingSink } from './sinks/counting-sink.ts'
export { LineWriter } from './sinks/line-writer.ts'
export type { PausableSubscription, Sink, SinkContext } from './sinks/sink.ts'
export { SnapshotSink } from './sinks/snapshot-sink.ts'
export {
  formatSummary,
  renditionOf,
  type Reporter,
  reportStatistics,
  reportTopic,
  type StatisticsReport,
  type TopicReport,
} from './statistics-report.ts'
export type { Loss, NetworkChange, RenditionChange, SubscriberEvents } from './subscriber-events.ts'
export type { SubscriberState } from './subscriber-state.ts'
export { type RunOptions, Subscriber, type SubscriberOptions } from './subscriber.ts'
