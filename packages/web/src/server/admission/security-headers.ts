import type { IncomingHttpHeaders } from 'node:http'
import { readForwarded } from './forwarded.ts'
import { isLoopbackHost } from '@zcast/shared/internal'

/** The content that our pages may load and run: their own files, nothing inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  // Otherwise nginx would buffer seconds of a live stream, and store picture after picture in files.
  'X-Accel-Buffering': 'no',
}

/**
 * Headers of every answer. Nothing is cached: pictures are live, and the pages' files are small.
 *
 * @param allowedOrigins - Origins whose frames may show the content.
 */
export function securityHeaders(
  request: IncomingHttpHeaders,
  allowedOrigins: readonly string[] = [],
): Readonly<Record<string, string>> {
  // A page of the same origin could read everything anyway: behind a proxy, such as Home Assistant's, it is the frame.
  const framers = ["'self'", ...allowedOrigins].join(' ')
  return {
    ...HEADERS,
    'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors ${framers}`,
    // This header cannot name an origin.
    ...(allowedOrigins.length === 0 && { 'X-Frame-Options': 'SAMEORIGIN' }),
    // Over plain HTTP from elsewhere a browser ignores this header, and logs a complaint.
    ...(isTrustworthy(request) && { 'Cross-Origin-Opener-Policy': 'same-origin' }),
  }
}

/**
 * Headers that let a page elsewhere embed and read an answer.
 *
 * @param origin - The page's origin; `*` when it is unknown, and a token in the address authorises it.
 */
export function readableHeaders(origin: string): Readonly<Record<string, string>> {
  const embed = { 'Cross-Origin-Resource-Policy': 'cross-origin', Vary: 'Origin' }
  return origin === '*' ? embed : { ...embed, 'Access-Control-Allow-Origin': origin }
}

/** Headers of the answer to a browser that asks which headers a page elsewhere may send. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Methods': 'GET, HEAD',
  'Access-Control-Allow-Headers': 'Authorization',
  'Access-Control-Max-Age': '600',
}

/** True when a browser considers this origin secure: this machine itself, or TLS, which only a proxy provides. */
function isTrustworthy(headers: IncomingHttpHeaders): boolean {
  const name = headers.host?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') ?? ''
  return isLoopbackHost(name) || readForwarded(headers).secure
}
