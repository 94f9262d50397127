import { networkNamespaces } from './namespaces.ts'
import { PacedLink } from './pacing-proxy.ts'

/** What a network carries. */
export interface LinkSpeed {
  /** From the publisher to its subscribers. */
  readonly bytesASecond: number
  /** How long the shortest message and its answer take, in milliseconds. Default: next to nothing. */
  readonly roundTripMs?: number
}

/** A network between a publisher that listens and its subscribers. */
export interface Link {
  /** How it was made, for the report. */
  readonly kind: string
  /** Where the publisher is to listen, `HOST:PORT`. */
  readonly listen: string
  /** Where those on the other side of the network find it, `HOST:PORT`. */
  readonly reach: string
  /** Where those on the publisher's own machine find it, `HOST:PORT`. */
  readonly near: string
  /** What to put before a command, so that it runs on the publisher's side. */
  readonly sender: readonly string[]
  /** What to put before a command, so that it runs on the other side. */
  readonly receiver: readonly string[]
  /** Carries so much from now on. */
  carry(bytesASecond: number): void
  close(): Promise<void>
}

/**
 * Makes a network: two Linux network namespaces with a token bucket between them, where root can make them, and a proxy
 * that passes on so much a second elsewhere. A round trip needs the proxy, as few kernels can delay packets (`netem`).
 */
export async function openLink({ bytesASecond, roundTripMs = 0 }: LinkSpeed): Promise<Link> {
  const link = roundTripMs > 0 ? undefined : networkNamespaces()
  link?.carry(bytesASecond)
  return link ?? PacedLink.open(bytesASecond, roundTripMs)
}
