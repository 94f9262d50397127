import type { IncomingHttpHeaders } from 'node:http'
import { isLoopbackHost } from './loopback.ts'

/** What a page of ours may load and do: its own files, nothing inline, never inside another page's frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** Headers of every answer. Nothing is stored: pictures are live, and the pages' files are small. */
export function securityHeaders(request: IncomingHttpHeaders): Readonly<Record<string, string>> {
  // Over plain HTTP from elsewhere a browser ignores this one, and complains about it.
  return isTrustworthy(request) ? { ...HEADERS, 'Cross-Origin-Opener-Policy': 'same-origin' } : HEADERS
}

/** Whether a browser takes this origin for a safe one: this machine itself, or TLS, which only a proxy speaks. */
function isTrustworthy(request: IncomingHttpHeaders): boolean {
  const name = request.host?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') ?? ''
  return isLoopbackHost(name) || request['x-forwarded-proto'] === 'https'
}
