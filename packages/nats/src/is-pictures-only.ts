import { KINDS, parseTopic } from '@zcast/shared'
import { isKind, LANE_PREFIX } from '@zcast/shared/internal'

/** True when nothing is subscribed to but pictures, of which only the newest count. */
export function isPicturesOnly(prefixes: Iterable<string>): boolean {
  let isSome = false
  for (const prefix of prefixes) {
    if (prefix.startsWith(LANE_PREFIX)) continue
    const { kind } = parseTopic(prefix.endsWith('/') ? `${prefix}x` : prefix) ?? {}
    if (!isKind(kind) || !KINDS[kind].isNewestFirst) return false
    isSome = true
  }
  return isSome
}
