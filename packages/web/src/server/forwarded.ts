import type { IncomingHttpHeaders } from 'node:http'

/**
 * What a proxy says about the request that it passes on. Whoever connects could say the same, but what is read here
 * changes only the answer to that very request, and a page elsewhere cannot make a browser send these headers.
 */
export interface Forwarded {
  /** True when the browser speaks TLS with the proxy. */
  readonly secure: boolean
  /** The authority that the browser asked for, where the proxy says it; more than one behind several proxies. */
  readonly hosts: readonly string[]
  /** The path below which the proxy serves this server, such as `/cam1/`; `undefined` where it does not say. */
  readonly prefix: string | undefined
}

const PREFIX = /^(?:\/[\w.~-]+)*\/?$/

/** Reads `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix`. */
export function readForwarded(headers: IncomingHttpHeaders): Forwarded {
  const prefix = list(headers['x-forwarded-prefix'])[0]
  return {
    // The first proxy is the one the browser speaks with.
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
