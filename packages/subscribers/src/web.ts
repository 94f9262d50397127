/** The viewer's web page. A subpath export of its own, so that a client of numbers loads no web server. */
export * from './sinks/web/web-sink.ts'
