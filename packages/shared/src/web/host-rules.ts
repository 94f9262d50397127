import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isLoopbackHost, isWildcardHost } from './loopback.ts'

/** Where a server listens, and what else it may be called. */
export interface HostRules {
  /** The address or name that was bound. */
  readonly host: string
  /** The port that was bound. */
  readonly port: number
  /** Further names under which it is reached, `NAME` or `NAME:PORT`; a name alone goes with any port. */
  readonly allowedHosts: readonly string[]
}

const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?$/

/**
 * Whether a `Host` header names this server. A page elsewhere can point a name of its own at this machine (DNS
 * rebinding), but its requests then carry that name: so names are allowed one by one, while an IP address, which
 * nobody can point elsewhere, is enough where every interface was bound.
 */
export function isAllowedHost(header: string | undefined, rules: HostRules): boolean {
  const authority = header?.toLowerCase()
  const match = authority === undefined ? null : AUTHORITY.exec(authority)
  if (!match) return false
  const name = (match[1] ?? match[2]) as string
  if (rules.allowedHosts.some((allowed) => isSameHost(allowed.toLowerCase(), name, authority))) return true
  if (Number(match[3] ?? 80) !== rules.port) return false
  if (isLoopbackHost(name) || name === rules.host.toLowerCase()) return true
  return isWildcardHost(rules.host) && (isIP(name) !== 0 || isOwnName(name))
}

function isSameHost(allowed: string, name: string, authority: string | undefined): boolean {
  return allowed === authority || allowed === name || allowed === `[${name}]`
}

function isOwnName(name: string): boolean {
  const own = hostname().toLowerCase()
  return name === own || name === `${own}.local`
}
