import { KINDS } from '@zcast/shared'
import { isKind, isSubscription } from '@zcast/shared/internal'

/**
 * What a relay asks for above of what is asked for below: each prefix as it is, but none that another one covers, as it
 * would be received twice where pictures have lanes.
 *
 * @param asked - Prefixes and topics.
 */
export function wishesOf(asked: ReadonlySet<string>): ReadonlySet<string> {
  const wide = [...asked].filter((prefix) => prefix.endsWith('/') || !isSubscription(prefix))
  return new Set([...asked].filter((each) => !wide.some((other) => other !== each && each.startsWith(other))))
}

/** True for a topic or a whole kind that may come on a lane. */
export function mayHaveLane(prefix: string): boolean {
  const kind = /^[a-z]+(?=[@/])/.exec(prefix)?.[0]
  return isSubscription(prefix) && isKind(kind) && KINDS[kind].isNewestFirst
}
