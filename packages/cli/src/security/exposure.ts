import { isLoopback, parseEndpoint } from '@zcast/shared'
import type { CommandContext } from '../command-context.ts'

const ELSE = 'an SSH tunnel, a VPN or a firewall, or listen on 127.0.0.1; see docs/two-machines.md'

/** What an endpoint lets in, and what helps against it. */
const RISKS = {
  publisher: {
    risk: 'everybody who reaches it can watch, and nothing is encrypted',
    remedy: `let in only those you know with --curve and --allow, or use ${ELSE}`,
  },
  subscriber: {
    risk: 'everybody who reaches it can send, and nothing is encrypted',
    remedy: `accept only your publisher with --curve and --server-key, or use ${ELSE}`,
  },
  framed: {
    risk: 'everybody who reaches it can send pictures, and nothing is encrypted',
    remedy: `use ${ELSE}`,
  },
  udp: {
    risk: 'everybody who reaches it can send numbers, and nothing is encrypted',
    remedy: `use ${ELSE}`,
  },
} as const

/** What others than this machine can do with endpoints that have no keys; one sentence, none when they cannot. */
export function describeExposure(endpoints: readonly string[], who: keyof typeof RISKS): string | undefined {
  const open = endpoints.filter((endpoint) => !isLoopback(parseEndpoint(endpoint.replace(/^udp:/, 'tcp:'))))
  if (open.length === 0) return undefined
  const { risk, remedy } = RISKS[who]
  return `${open.join(' and ')} ${open.length === 1 ? 'is' : 'are'} open to the network: ${risk}; ${remedy}`
}

/** Warns of it. */
export function warnOfExposure(
  context: CommandContext,
  endpoints: readonly string[],
  who: keyof typeof RISKS,
): void {
  const text = describeExposure(endpoints, who)
  if (text === undefined) return
  context.log.warning(text)
}
