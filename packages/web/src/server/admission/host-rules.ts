import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isWildcardHost } from '../host-address.ts'

/** The names and addresses of a server. */
export interface HostRules {
  /** The address or name that was bound. */
  readonly host: string
  /** Further names under which it is reached, `NAME` or `NAME:PORT`; a name alone matches any port. */
  readonly allowedHosts: readonly string[]
  /** True for a part of another server, which knows its own names. Default false. */
  readonly anyHost?: boolean | undefined
}

const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})(?:%[\w.-]+)?\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?$/

/**
 * True when a `Host` header may name this server. A page elsewhere can point a name of its own at this machine (DNS
 * rebinding), but its requests then carry that name: so names are allowed individually. An IP address and `localhost`
 * cannot be redirected, and are accepted with any port: a tunnel or a container may have mapped it.
 */
export function isAllowedHost(header: string | undefined, rules: HostRules): boolean {
  const authority = header?.toLowerCase()
  const match = authority === undefined ? null : AUTHORITY.exec(authority)
  if (!match) return false
  if (rules.anyHost) return true
  const name = match[1] ?? (match[2] as string).replace(/\.$/, '')
  if (isIP(name) !== 0 || name === 'localhost' || name === rules.host.toLowerCase()) return true
  if (rules.allowedHosts.some((allowed) => isSameHost(allowed.toLowerCase(), name, authority))) return true
  return isWildcardHost(rules.host) && isOwnName(name)
}

/** The name in a `Host` header if it is safe to show: nothing but letters, digits, dots and dashes. */
export function readHostName(header: string | undefined): string | undefined {
  return AUTHORITY.exec(header?.toLowerCase() ?? '')?.[2]
}

function isSameHost(allowed: string, name: string, authority: string | undefined): boolean {
  return allowed === authority || allowed === name
}

function isOwnName(name: string): boolean {
  const own = hostname().toLowerCase()
  return name === own || name === `${own}.local`
}
