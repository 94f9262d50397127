import type { IncomingHttpHeaders } from 'node:http'
import type { AccessToken } from './access-token.ts'
import { FILES } from './allowed-origins.ts'
import { presentedTokens, type TokenPlace } from './credentials.ts'
import { readForwarded } from './forwarded.ts'
import { isAllowedHost, readHostName, type HostRules } from './host-rules.ts'
import { ONE_TIME_PARAMETER, type OneTimeCodes } from './one-time-codes.ts'
import { findOrigin, isFrame, readOrigin } from './request-origin.ts'
import { readCookies } from './session-cookie.ts'

/** The rules for requests. */
export interface GuardRules extends HostRules {
  /** The secret that opens the server; `undefined` when none is needed. */
  readonly token: AccessToken | undefined
  /** The secret of those with more rights; it opens the server too. Default none. */
  readonly hostToken?: AccessToken | undefined
  /** Codes that open a page once in place of the token. Default none. */
  readonly oneTimeCodes?: OneTimeCodes | undefined
  /** Origins of pages that may embed and read the content, besides the server's own. */
  readonly allowedOrigins: readonly string[]
}

/** The parts of a request that the guard examines. */
export interface GuardedRequest {
  readonly method: string | undefined
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  /** False when too many wrong tokens came from its address, so that no further one is checked. Default true. */
  readonly mayGuess?: boolean | undefined
}

/** The ways in which a path differs from an ordinary one. */
export interface RouteKind {
  /** A page that a person opens: it moves `?token=` into a cookie. */
  readonly page?: boolean
  /** Answers without a token; for content that reveals nothing. */
  readonly open?: boolean
  /** A file that is the same for everybody: open, and loaded whatever a proxy does to the request's headers. */
  readonly asset?: boolean
  /** Methods besides GET and HEAD; only pages of this server's own origin may use them. Default none. */
  readonly methods?: readonly string[]
}

/** The decision whether a request is admitted, with the reason if it is not. */
export type Verdict =
  | {
      readonly admitted: true
      readonly tokenFrom: TokenPlace | undefined
      /** True for one with the second secret, `hostToken`. Default false. */
      readonly isHost?: boolean
      /** The page elsewhere that may read the answer; `*` when only the token in the request authorises it. */
      readonly readableBy: string | undefined
    }
  | {
      readonly admitted: false
      readonly status: 401 | 403 | 405 | 429
      readonly reason: string
      /** True when the request carries a token or a code that never was the right one. */
      readonly isGuess: boolean
      /** What was wrong with what the request carries, for a person; `undefined` where it carries nothing. */
      readonly fault?: string
    }

const TOKEN_NEEDED =
  'a token is needed: add ?token=... to the address, or send it as "Authorization: Bearer ..." or as the password of Basic'

const STALE_LINK = 'This link opened the page once, or is too old. The token opens it again.'

/**
 * Judges a request by its head alone: method, Host (DNS rebinding), Origin and Sec-Fetch-Site (pages elsewhere),
 * then the token.
 */
export function judgeRequest(request: GuardedRequest, rules: GuardRules, kind: RouteKind): Verdict {
  const { headers } = request
  const { method = '' } = request
  const isReading = method === 'GET' || method === 'HEAD'
  if (!isReading && !kind.methods?.includes(method))
    return refuse(405, `${['GET', 'HEAD', ...(kind.methods ?? [])].join(', ')} are supported here`)
  for (const host of [headers.host, ...readForwarded(headers).hosts]) {
    if (!isAllowedHost(host, rules)) return refuse(403, describeHost(host))
  }
  if (kind.asset) return { admitted: true, tokenFrom: undefined, readableBy: undefined }
  const from = findOrigin(headers, rules.allowedOrigins)
  if (from.kind === 'foreign' || (!isReading && from.kind !== 'own'))
    return refuse(403, describeOrigin(headers))
  // A frame would not keep the cookie that takes the place of a code.
  const mayRedeem = kind.page === true && from.kind === 'own' && !isFrame(headers) && request.method === 'GET'
  const verdict = judgeToken(request, rules, { open: kind.open, mayRedeem })
  if (!verdict.admitted) return verdict
  if (from.kind === 'allowed') return { ...verdict, readableBy: from.origin }
  // Anybody who wrote the token into the address of a picture can read the picture anyway.
  const isVouchedFor = verdict.tokenFrom === 'url' && !kind.page && rules.allowedOrigins.length > 0
  const mayBeEmbedded = from.kind === 'unnamed' || headers['sec-fetch-site'] === undefined
  if (isVouchedFor && mayBeEmbedded) return { ...verdict, readableBy: '*' }
  if (from.kind !== 'unnamed') return verdict
  return refuse(403, 'a page of another site may read this only when its browser says which page it is')
}

function judgeToken(
  { headers, url, mayGuess }: GuardedRequest,
  rules: GuardRules,
  { open, mayRedeem }: { readonly open: boolean | undefined; readonly mayRedeem: boolean },
): Verdict {
  const { token, oneTimeCodes } = rules
  const host = judgeHost({ headers, url, mayGuess }, rules)
  if (host) return host
  const everybody: Verdict = { admitted: true, tokenFrom: undefined, readableBy: undefined }
  if (open || (token === undefined && rules.hostToken === undefined)) return everybody
  // The address comes first: a page removes a token from it even when the cookie is already valid.
  const tokens = presentedTokens(headers, url)
  const right = mayGuess === false ? undefined : tokens.find((presented) => token?.matches(presented.token))
  if (right) return { admitted: true, tokenFrom: right.from, readableBy: undefined }
  const code = mayRedeem ? url.searchParams.get(ONE_TIME_PARAMETER) : null
  const redeemed = code === null || mayGuess === false ? undefined : oneTimeCodes?.redeem(code)
  if (redeemed === 'good' || redeemed === 'good for a host')
    return { admitted: true, tokenFrom: 'url', isHost: redeemed !== 'good', readableBy: undefined }
  if (token === undefined) {
    if (tokens.length === 0 && code === null) return everybody
    const fault = tokens.length === 0 ? STALE_LINK : 'That token is not the right one.'
    return { admitted: false, status: 401, reason: 'this is not the right token', isGuess: true, fault }
  }
  if (readCookies(headers).some((value) => token.matchesCookie(value))) {
    return { admitted: true, tokenFrom: 'cookie', readableBy: undefined }
  }
  if (tokens.length === 0 && code === null) return refuse(401, TOKEN_NEEDED)
  if (mayGuess === false) return refuse(429, 'too many wrong tokens came from there; try again in a while')
  if (tokens.length === 0) {
    const isGuess = redeemed !== 'stale'
    return { admitted: false, status: 401, reason: TOKEN_NEEDED, isGuess, fault: STALE_LINK }
  }
  const reason = 'this is not the right token'
  return { admitted: false, status: 401, reason, isGuess: true, fault: 'That token is not the right one.' }
}

/** The verdict for one who presents the second secret, or the cookie in its place. */
function judgeHost(
  { headers, url, mayGuess }: Pick<GuardedRequest, 'headers' | 'url' | 'mayGuess'>,
  { hostToken }: GuardRules,
): Verdict | undefined {
  if (hostToken === undefined) return undefined
  const presented = mayGuess === false ? [] : presentedTokens(headers, url)
  const right = presented.find(({ token }) => hostToken.matches(token))
  const isKnown = readCookies(headers).some((value) => hostToken.matchesCookie(value))
  if (!right && !isKnown) return undefined
  return { admitted: true, tokenFrom: right?.from ?? 'cookie', isHost: true, readableBy: undefined }
}

function refuse(status: 401 | 403 | 405 | 429, reason: string): Verdict {
  return { admitted: false, status, reason, isGuess: false }
}

function describeHost(header: string | undefined): string {
  const name = readHostName(header)
  if (name === undefined) return 'the request must name the address in its Host header'
  return `this page is not known by the name ${name}: start it with --allowed-host ${name}, or open it by its address`
}

function describeOrigin({ origin, referer }: IncomingHttpHeaders): string {
  const from = origin === FILES ? FILES : readOrigin(origin ?? referer)
  if (from === undefined) return 'pages of another origin may not read this'
  return `pages of another origin may not read this: start it with --allow-origin ${from} to allow that one, or, behind a proxy, make it pass on the Host header`
}
