import type { IncomingHttpHeaders } from 'node:http'
import { readForwarded } from './forwarded.ts'

const NAME = /^(?:__Host-|__Secure-)?zcast(?:-\d+)?$/

/**
 * The name of the cookie that stands for the token. Cookies do not tell ports apart, so that the servers
 * of a host need a name each, after the port that the browser knows. Over TLS the prefix makes browsers take it from
 * TLS only, and `__Host-`, where the proxy says that this server has the whole host, from no other name of the domain.
 */
function cookieName(headers: IncomingHttpHeaders): string {
  const { secure, prefix } = readForwarded(headers)
  const guard = secure ? (prefix === '/' ? '__Host-' : '__Secure-') : ''
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1]
  return `${guard}zcast${port === undefined ? '' : `-${port}`}`
}

/**
 * The `Set-Cookie` header. Without a path the browser takes the folder of the page as it knows it, which is right
 * below any path that a proxy has put before ours.
 */
export function formatCookie(headers: IncomingHttpHeaders, value: string): string {
  const { secure, prefix } = readForwarded(headers)
  const parts = [`${cookieName(headers)}=${value}`]
  if (prefix !== undefined) parts.push(`Path=${prefix}`)
  parts.push('HttpOnly', 'SameSite=Strict')
  if (secure) parts.push('Secure')
  return parts.join('; ')
}

/** The values of all cookies that may be ours: what proxies do to the port must not lock anybody out. */
export function readCookies(headers: IncomingHttpHeaders): readonly string[] {
  const pairs = headers.cookie?.split(';').map((pair) => pair.trim().split('=', 2)) ?? []
  return pairs.flatMap(([name = '', value = '']) => (NAME.test(name) ? [value] : []))
}
