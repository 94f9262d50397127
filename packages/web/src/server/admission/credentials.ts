import type { IncomingHttpHeaders } from 'node:http'

/** The part of a request that carries a token. */
export type TokenPlace = 'url' | 'header' | 'cookie'

/** A token as a request carries it, right or wrong. */
export interface PresentedToken {
  readonly token: string
  readonly from: Exclude<TokenPlace, 'cookie'>
}

/**
 * The tokens in a request: `?token=`, `Authorization: Bearer TOKEN`, or the password of `Authorization: Basic`, whose
 * user name is ignored.
 */
export function presentedTokens(headers: IncomingHttpHeaders, url: URL): readonly PresentedToken[] {
  const tokens: PresentedToken[] = []
  // A plus sign in an address reads as a blank, which no token has; tokens in base64 have the former.
  const inUrl = url.searchParams.get('token')?.replaceAll(' ', '+')
  if (inUrl) tokens.push({ token: inUrl, from: 'url' })
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(headers.authorization ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') tokens.push({ token: value, from: 'header' })
  if (scheme.toLowerCase() === 'basic') {
    const pair = Buffer.from(value, 'base64').toString()
    tokens.push({ token: pair.slice(pair.indexOf(':') + 1), from: 'header' })
  }
  return tokens
}
