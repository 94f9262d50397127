import type { IncomingHttpHeaders } from 'node:http'
import { readForwarded } from './forwarded.ts'

const NAME = /^(?:__Host-|__Secure-)?zcast(?:-\d+)?$/

/**
 * The name of the cookie that replaces the token. Cookies do not distinguish ports, so the servers of a host need
 * different names, made from the port that the browser uses. Over TLS the prefix makes browsers accept it only from
 * TLS, and with `__Host-`, when the proxy says that this server has the whole host, from no other name of the domain.
 */
function cookieName(headers: IncomingHttpHeaders): string {
  const { secure, prefix } = readForwarded(headers)
  const guard = secure ? (prefix === '/' ? '__Host-' : '__Secure-') : ''
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1]
  return `${guard}zcast${port === undefined ? '' : `-${port}`}`
}

/**
 * The `Set-Cookie` header. Without a path the browser uses the folder of the page as it knows it, which is right below
 * any path that a proxy has added.
 */
export function formatCookie(headers: IncomingHttpHeaders, value: string): string {
  const { secure, prefix } = readForwarded(headers)
  const parts = [`${cookieName(headers)}=${value}`]
  if (prefix !== undefined) parts.push(`Path=${prefix}`)
  parts.push('HttpOnly', 'SameSite=Strict')
  if (secure) parts.push('Secure')
  return parts.join('; ')
}

/** The values of all cookies that may be ours: a port changed by a proxy must not lock anybody out. */
export function readCookies(headers: IncomingHttpHeaders): readonly string[] {
  const pairs = headers.cookie?.split(';').map((pair) => pair.trim().split('=', 2)) ?? []
  return pairs.flatMap(([name = '', value = '']) => (NAME.test(name) ? [value] : []))
}
