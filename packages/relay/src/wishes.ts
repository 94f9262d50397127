import { KINDS } from '@zcast/shared'
import { isKind, isSubscription } from '@zcast/shared/internal'

/**
 * What a relay asks for above of what is asked for below: each prefix as it is, but none that another one covers, as it
 * would be received twice where pictures have lanes.
 *
 * @param asked - Prefixes and topics.
 */
export function wishesOf(asked: ReadonlySet<string>): ReadonlySet<string> {
  const wide = new Set([...asked].filter((prefix) => prefix.endsWith('/') || !isSubscription(prefix)))
  // There may be a thousand of each: beginnings are looked up, as comparing all with all would take milliseconds.
  const lengths = [...new Set([...wide].map(({ length }) => length))]
  const isCovered = (each: string): boolean =>
    lengths.some((length) => length < each.length && wide.has(each.slice(0, length)))
  return new Set([...asked].filter((each) => !isCovered(each)))
}

/** True for a topic or a whole kind that may come on a lane. */
export function mayHaveLane(prefix: string): boolean {
  const kind = /^[a-z]+(?=[@/])/.exec(prefix)?.[0]
  return isSubscription(prefix) && isKind(kind) && KINDS[kind].isNewestFirst
}
