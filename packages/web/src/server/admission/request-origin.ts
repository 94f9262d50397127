import type { IncomingHttpHeaders } from 'node:http'
import { readForwarded } from './forwarded.ts'

/** The page that a request comes from, as far as its headers say. */
export type RequestOrigin =
  /** A page of this server, a program, or a user who typed the address or followed a link to it. */
  | { readonly kind: 'own' }
  /** A page elsewhere that was allowed. */
  | { readonly kind: 'allowed'; readonly origin: string }
  /** A page elsewhere that embeds this one in a frame; the browser is told which pages may. */
  | { readonly kind: 'framed' }
  /** A page elsewhere that does not identify itself. */
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'foreign' }

const OWN: RequestOrigin = { kind: 'own' }
const FOREIGN: RequestOrigin = { kind: 'foreign' }
const FRAMES: ReadonlySet<string | undefined> = new Set(['iframe', 'frame', 'embed', 'object'])

/**
 * Finds out where a request comes from, using Origin, Sec-Fetch-Site and Referer. Browsers send Sec-Fetch-Site only to
 * this machine and over TLS, and Origin only with some requests; without either, a request counts as a program's, and
 * `Cross-Origin-Resource-Policy` keeps the answer from a page elsewhere.
 *
 * @param allowed - Origins of pages that may embed and read.
 */
export function findOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): RequestOrigin {
  const { origin, 'sec-fetch-site': site } = headers
  if (site === 'same-origin') return OWN
  if (origin !== undefined) {
    if (isOwnOrigin(origin, headers)) return OWN
    return allowed.includes(origin) ? { kind: 'allowed', origin } : FOREIGN
  }
  const embedding = readOrigin(headers.referer)
  if (embedding !== undefined && allowed.includes(embedding)) {
    return isNavigation(headers) ? OWN : { kind: 'allowed', origin: embedding }
  }
  // Following a link does not read anything.
  if (site === undefined || site === 'none' || isNavigation(headers)) return OWN
  if (allowed.length === 0 || (embedding !== undefined && !isOwnOrigin(embedding, headers))) return FOREIGN
  return isFrame(headers) ? { kind: 'framed' } : { kind: 'unnamed' }
}

/** True when a browser loads this into a frame of another page. */
export function isFrame(headers: IncomingHttpHeaders): boolean {
  return FRAMES.has(headers['sec-fetch-dest']) && headers['sec-fetch-mode'] === 'navigate'
}

/** True when a page elsewhere leads a person here by a link, as far as can be told. */
export function isForeignLink(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none' && isNavigation(headers)
  const from = readOrigin(headers.referer)
  return from !== undefined && !isOwnOrigin(from, headers)
}

/** The origin of an address, such as a `Referer`. */
export function readOrigin(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined
  const { origin } = new URL(address)
  return origin === 'null' ? undefined : origin
}

function isNavigation(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

/** Behind a proxy with TLS the origin is https while we see http, so only the authority is compared. */
function isOwnOrigin(origin: string, headers: IncomingHttpHeaders): boolean {
  const match = /^(https?):\/\/(.+)$/.exec(origin.toLowerCase())
  if (!match) return false
  const usual = match[1] === 'https' ? ':443' : ':80'
  const hosts = [headers.host?.toLowerCase() ?? '', ...readForwarded(headers).hosts]
  return hosts.some((host) => host === match[2] || host === `${match[2]}${usual}`)
}
