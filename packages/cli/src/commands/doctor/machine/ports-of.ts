import { parseEndpoint } from '@zcast/shared/internal'

/** The TCP ports of endpoints. */
export function portsOf(endpoints: readonly string[]): ReadonlySet<number> {
  return new Set(
    endpoints.flatMap((endpoint) => {
      const parsed = parseEndpoint(endpoint)
      return parsed.transport === 'tcp' && parsed.port !== '*' ? [parsed.port] : []
    }),
  )
}
