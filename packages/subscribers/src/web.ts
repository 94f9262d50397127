/** Web pages: the viewer's and the dashboard. A subpath export of its own, so that a client of numbers loads no web server. */
export type { DashboardStream } from './dashboard/dashboard-feed.ts'
export * from './dashboard/dashboard.ts'
export type { StreamReport, ViewerReport } from './sinks/web/stream-reports.ts'
export * from './sinks/web/web-sink.ts'
