import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Addresses that mean every interface of this machine. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** True when a host to listen on means every interface. */
export function isWildcardHost(host: string): boolean {
  return WILDCARDS.has(host)
}

/** `HOST:PORT` as used in an address: IPv6 in brackets. */
export function formatAuthority(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/** The first address at which other machines reach this one; loopback when it has none. */
export function outsideAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1'
}
