import { KINDS, parseTopic } from '@zcast/shared'
import { isKind, LANE_PREFIX } from '@zcast/shared/internal'

/** True when nothing is subscribed to but pictures, of which only the newest count, and their lanes. */
export function isPicturesOnly(prefixes: Iterable<string>): boolean {
  let isSome = false
  for (const prefix of prefixes) {
    const { kind } = parseTopic(prefix.endsWith('/') ? `${prefix}x` : prefix) ?? {}
    const isOfPictures = isKind(kind) && KINDS[kind].isNewestFirst
    if (!isOfPictures && !prefix.startsWith(LANE_PREFIX)) return false
    isSome = true
  }
  return isSome
}
