/** Live topics for Foxglove, Lichtblick and PlotJuggler, over Foxglove's WebSocket protocol. */
export { type PresentTopic, SERVED_KINDS } from './channels/present-topics.ts'
export {
  type FoxgloveCounts,
  FoxgloveServer,
  type FoxgloveServerOptions,
  SUBPROTOCOLS,
} from './foxglove-server.ts'
export type { LogEntry } from './log-message.ts'
