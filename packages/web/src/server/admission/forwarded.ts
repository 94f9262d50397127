import type { IncomingHttpHeaders } from 'node:http'

/**
 * The headers in which a proxy describes the request that it passes on. A direct client could send the same, but they
 * affect only the answer to that very request, and a page elsewhere cannot make a browser send them.
 */
export interface Forwarded {
  /** True when the browser uses TLS to the proxy. */
  readonly secure: boolean
  /** The authority that the browser requested, if the proxy says so; several after several proxies. */
  readonly hosts: readonly string[]
  /** The path below which the proxy serves this server, such as `/cam1/`; `undefined` when it does not say. */
  readonly prefix: string | undefined
}

const PREFIX = /^(?:\/[\w.~-]+)*\/?$/

/** Reads `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix`. */
export function readForwarded(headers: IncomingHttpHeaders): Forwarded {
  const prefix = list(headers['x-forwarded-prefix'])[0]
  return {
    // The first proxy is the one the browser is connected to.
    secure: list(headers['x-forwarded-proto'])[0]?.toLowerCase() === 'https',
    hosts: list(headers['x-forwarded-host']).map((host) => host.toLowerCase()),
    prefix: prefix !== undefined && PREFIX.test(prefix) ? prefix.replace(/\/?$/, '/') : undefined,
  }
}

function list(header: string | string[] | undefined): readonly string[] {
  return String(header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}
