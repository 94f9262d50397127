import { describeStatus } from './http/http-status.ts'
import { describeNetworkFailure } from './http/network-failure.ts'

const NETWORK: readonly (readonly [words: RegExp, code: string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/timed out/i, 'ETIMEDOUT'],
  [/no route to host|host is (?:down|unreachable)/i, 'EHOSTUNREACH'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/failed to resolve|name or service not known|name resolution|unknown host/i, 'ENOTFOUND'],
  [/connection reset|broken pipe/i, 'ECONNRESET'],
]

/**
 * Explains ffmpeg's words about an RTSP camera, as a clause: what happened, and what to do.
 *
 * @returns `undefined` when the words are clear enough.
 */
export function describeRtspFailure(words: string, url: URL): string | undefined {
  const status = /\b(4\d\d|5\d\d) [A-Z]/.exec(words)?.[1] ?? /\b(40[134]) /.exec(words)?.[1]
  const hasCredentials = url.username !== '' || url.password !== ''
  if (status !== undefined) return `it answered ${describeStatus(Number(status), { hasCredentials })}`
  const code = NETWORK.find(([expression]) => expression.test(words))?.[1]
  if (code === undefined) return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return describeNetworkFailure(Object.assign(new Error(words), { code }), {
    host,
    port: Number(url.port || 554),
  })
}
