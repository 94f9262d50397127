import { isLoopback, parseEndpoint } from '@zcast/shared/internal'
import type { CommandContext } from '../command-context.ts'

const ELSE = 'an SSH tunnel, a VPN or a firewall, or listen on 127.0.0.1; see docs/two-machines.md'

/** The risk of an open endpoint, and the remedy. */
const RISKS = {
  publisher: {
    risk: 'everybody who reaches it can watch, and nothing is encrypted',
    remedy: `admit only known subscribers with --curve and --allow, or use ${ELSE}`,
  },
  subscriber: {
    risk: 'everybody who reaches it can send, and nothing is encrypted',
    remedy: `accept only your publisher with --curve and --server-key, or use ${ELSE}`,
  },
  framed: {
    risk: 'everybody who reaches it can send pictures, and nothing is encrypted',
    remedy: `use ${ELSE}`,
  },
  echo: {
    risk: 'everybody who reaches it can listen and speak, and nothing is encrypted',
    remedy: `use ${ELSE}`,
  },
  udp: {
    risk: 'everybody who reaches it can send numbers, and nothing is encrypted',
    remedy: `use ${ELSE}`,
  },
} as const

/**
 * Describes what other machines can do with endpoints that have no keys; one sentence, or `undefined` when they can do
 * nothing.
 */
function describeExposure(endpoints: readonly string[], who: keyof typeof RISKS): string | undefined {
  const open = endpoints.filter((endpoint) => !isLoopback(parseEndpoint(endpoint.replace(/^udp:/, 'tcp:'))))
  if (open.length === 0) return undefined
  const { risk, remedy } = RISKS[who]
  return `${open.join(' and ')} ${open.length === 1 ? 'is' : 'are'} open to the network: ${risk}; ${remedy}`
}

/** Logs that warning. */
export function warnOfExposure(
  context: CommandContext,
  endpoints: readonly string[],
  who: keyof typeof RISKS,
): void {
  const text = describeExposure(endpoints, who)
  if (text === undefined) return
  context.log.warning(text)
}
