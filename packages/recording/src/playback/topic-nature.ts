import { KINDS } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'

export function isPicture(topic: string): boolean {
  return /^video[@/]/.test(topic)
}

/** True for what a moment has: pictures and numbers, but not what is said or heard. */
export function isStill(topic: string): boolean {
  const kind = /^[a-z]+/.exec(topic)?.[0]
  return isKind(kind) && (KINDS[kind].isNewestFirst || KINDS[kind].isBatched)
}
