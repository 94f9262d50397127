import type { IncomingHttpHeaders } from 'node:http'
import type { AccessToken } from './access-token.ts'
import { isAllowedHost, type HostRules } from './host-rules.ts'

/** What a request must satisfy. */
export interface GuardRules extends HostRules {
  /** The secret that opens the server; `undefined` where none is needed. */
  readonly token: AccessToken | undefined
}

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string | undefined
  readonly url: URL
  readonly headers: IncomingHttpHeaders
}

/** How a path differs from an ordinary one. */
export interface RouteKind {
  /** A page that a person opens: links from elsewhere may lead to it, and it takes `?token=` into a cookie. */
  readonly page?: boolean
  /** Answers without a token; for what gives nothing away. */
  readonly open?: boolean
}

/** Whether a request is let in, and why not. */
export type Verdict =
  | { readonly admitted: true; readonly tokenFrom: 'url' | 'header' | 'cookie' | undefined }
  | { readonly admitted: false; readonly status: 401 | 403 | 405; readonly reason: string }

/** The cookie's name. Cookies do not tell ports apart, so two servers on one host need two names. */
export function cookieName(port: number): string {
  return `zcast-${port}`
}

/**
 * Judges a request by its head alone: method, Host (DNS rebinding), Origin and Sec-Fetch-Site (pages elsewhere),
 * then the token.
 */
export function judgeRequest(request: GuardedRequest, rules: GuardRules, kind: RouteKind): Verdict {
  const { headers } = request
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'only GET and HEAD are answered here')
  if (!isAllowedHost(headers.host, rules)) {
    return refuse(
      403,
      'this server is not known by that name; open it by its address, or allow the name when starting it',
    )
  }
  if (headers.origin !== undefined && !isSameOrigin(headers.origin, headers.host)) {
    return refuse(403, 'pages of another origin may not read this')
  }
  if (isForeignFetch(headers, kind)) return refuse(403, 'pages of another site may not read this')
  if (rules.token === undefined || kind.open) return { admitted: true, tokenFrom: undefined }
  const tokenFrom = findToken(request, rules.token, rules.port)
  if (tokenFrom) return { admitted: true, tokenFrom }
  return refuse(401, 'a token is needed: add ?token=... to the address, or send Authorization: Bearer ...')
}

function refuse(status: 401 | 403 | 405, reason: string): Verdict {
  return { admitted: false, status, reason }
}

/** Behind a proxy that speaks TLS the origin is https while we see http, so only the authority is compared. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  const match = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())
  return match !== null && match[1] === host?.toLowerCase()
}

/**
 * `<img src>` in a page elsewhere sends no Origin, but today's browsers say where it comes from. Another port of the
 * same host is "same-site", and as foreign as any. Following a link to a page is no reading.
 */
function isForeignFetch(headers: IncomingHttpHeaders, kind: RouteKind): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return !(kind.page && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document')
}

function findToken(
  request: GuardedRequest,
  token: AccessToken,
  port: number,
): 'url' | 'header' | 'cookie' | undefined {
  const { authorization, cookie } = request.headers
  if (token.matches(request.url.searchParams.get('token') ?? undefined)) return 'url'
  if (token.matches(/^bearer +(.+)$/i.exec(authorization ?? '')?.[1])) return 'header'
  if (token.matchesCookie(readCookie(cookie, cookieName(port)))) return 'cookie'
  return undefined
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name) return value?.trim()
  }
  return undefined
}
