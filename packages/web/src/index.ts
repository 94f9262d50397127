/** Web pages: the viewer's and the dashboard, and the server behind both. A package of its own, so that numbers need no web server. */
export type { DashboardStream } from './dashboard/dashboard-feed.ts'
export {
  Dashboard,
  type DashboardListening,
  type DashboardOptions,
  type FeedOptions,
} from './dashboard/dashboard.ts'
export { type Past, type Selection, type SelectionFormat } from './history/past.ts'
export type { StreamReport, ViewerReport } from './page/stream-reports.ts'
export { WebSink, type WebSinkOptions } from './viewer/web-sink.ts'
